// SPDX-License-Identifier: BSD-3-Clause

extension FieldLayout {
  /// IEEE 802.3.
  static let ethernet = FieldLayout(
    name: "eth", layer: .ethernet, slot: .link, length: 14,
    rows: [
      FieldRow("dst", 0, .mac, .writable, "Destination MAC address"),
      FieldRow("src", 48, .mac, .writable, "Source MAC address"),
      FieldRow(
        "type", 96, .named(.etherType, bits: 16), .shapesPacket,
        "What follows: an EtherType, VLAN of a tagged packet, or a length"),
    ])

  /// IEEE 802.1Q.
  static let vlan = FieldLayout(
    name: "vlan", layer: .vlan, slot: .vlan, length: 4,
    rows: [
      FieldRow("pcp", 0, .number(bits: 3), .writable, "Priority of the VLAN tag"),
      FieldRow("dei", 3, .boolean, .writable, "Drop eligibility"),
      FieldRow("id", 4, .number(bits: 12), .writable, "VLAN identifier"),
      FieldRow(
        "type", 16, .named(.etherType, bits: 16), .shapesPacket,
        "What follows the tag: an EtherType"),
    ])

  static let secondVLAN = vlan.placed(as: "vlan2", layer: .secondVLAN, slot: .secondVLAN)

  /// RFC 826 for IPv4 over Ethernet.
  static let arp = FieldLayout(
    name: "arp", layer: .arp, slot: .network, length: 28,
    rows: [
      FieldRow("hardware", 0, .number(bits: 16), .shapesPacket, "Hardware type, 1 for Ethernet"),
      FieldRow(
        "protocol", 16, .named(.etherType, bits: 16), .shapesPacket, "Protocol of the addresses"),
      FieldRow(
        "operation", 48, .named(.arpOperation, bits: 16), .writable, "Request or reply"),
      FieldRow("sender_mac", 64, .mac, .writable, "MAC address of the sender"),
      FieldRow("sender_ip", 112, .ipv4, .writable, "IPv4 address of the sender"),
      FieldRow("target_mac", 144, .mac, .writable, "MAC address of the target"),
      FieldRow("target_ip", 192, .ipv4, .writable, "IPv4 address of the target"),
    ])
}
