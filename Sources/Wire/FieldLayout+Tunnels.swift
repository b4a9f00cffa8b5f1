// SPDX-License-Identifier: BSD-3-Clause

/// The headers that packets have in front of a packet within.
extension FieldLayout {
  /// RFC 7348 section 5 and draft-ietf-nvo3-vxlan-gpe-13 section 3.
  static let vxlan = FieldLayout(
    name: "vxlan", layer: .vxlan, slot: .tunnel, length: 8,
    rows: [
      FieldRow("flags", 0, .hexadecimal(bits: 8), .shapesPacket, "Flags, 0x08 in plain VXLAN"),
      FieldRow(
        "next_protocol", 24, .named(.vxlanProtocol, bits: 8), .shapesPacket,
        "What VXLAN-GPE carries, 0 in plain VXLAN"),
      FieldRow("vni", 32, .number(bits: 24), .tunnelled, "Number of the virtual network"),
    ])

  /// RFC 8926 section 3.4.
  static let geneve = FieldLayout(
    name: "geneve", layer: .geneve, slot: .tunnel, length: 8,
    rows: [
      FieldRow("version", 0, .number(bits: 2), .shapesPacket, "Version, 0"),
      FieldRow(
        "options_length", 2, .number(bits: 6), .countsBytes, "Options in words of 4 bytes"),
      FieldRow("oam", 8, .boolean, .shapesPacket, "A control message instead of data"),
      FieldRow("critical", 9, .boolean, .shapesPacket, "Some option must be understood"),
      FieldRow(
        "protocol", 16, .named(.tunnelledType, bits: 16), .shapesPacket, "What is carried"),
      FieldRow("vni", 32, .number(bits: 24), .tunnelled, "Number of the virtual network"),
    ])

  /// RFC 2784 section 2 and RFC 2890 section 2.
  static let gre = FieldLayout(
    name: "gre", layer: .gre, slot: .tunnel, length: 4,
    rows: [
      FieldRow("checksum_present", 0, .boolean, .shapesPacket, "A checksum follows"),
      FieldRow("key_present", 2, .boolean, .shapesPacket, "A key follows"),
      FieldRow("sequence_present", 3, .boolean, .shapesPacket, "A sequence number follows"),
      FieldRow("version", 13, .number(bits: 3), .shapesPacket, "Version, 0"),
      FieldRow(
        "protocol", 16, .named(.tunnelledType, bits: 16), .shapesPacket, "What is carried"),
    ])

  /// RFC 7637 section 3.2: in GRE's key, right behind the 4 bytes that every GRE header has.
  static let nvgre = FieldLayout(
    name: "nvgre", layer: .nvgre, slot: .tunnel, length: 8,
    rows: [
      FieldRow("vsid", 32, .number(bits: 24), .tunnelled, "Number of the virtual subnet"),
      FieldRow("flow", 56, .number(bits: 8), .tunnelled, "Tells flows of the subnet apart"),
    ])

  /// 3GPP TS 29.281 section 5.1.
  static let gtpu = FieldLayout(
    name: "gtpu", layer: .gtpu, slot: .tunnel, length: 8,
    rows: [
      FieldRow("type", 8, .named(.gtpuMessage, bits: 8), .shapesPacket, "Kind of message"),
      FieldRow(
        "length", 16, .number(bits: 16), .countsBytes, "Bytes behind the first 8 of the header"),
      FieldRow(
        "teid", 32, .hexadecimal(bits: 32), .tunnelled, "The receiver's number of the tunnel"),
    ])
}

extension FieldAccess {
  /// A tunnel may lie in another one, so its own header is as hard to change as what it carries.
  static let tunnelled = readOnly("the checksums of the headers around it would not follow")
}

extension FieldNames {
  static let vxlanProtocol = FieldNames(["IPv4": 1, "IPv6": 2, "Ethernet": 3, "NSH": 4])

  static let tunnelledType = FieldNames(
    hexadecimal: true,
    [
      "IPv4": 0x0800, "IPv6": 0x86dd, "Ethernet": 0x6558, "MPLS": 0x8847, "ERSPAN": 0x88be,
      "ERSPAN-III": 0x22eb,
    ])

  /// 3GPP TS 29.281 section 6.1.
  static let gtpuMessage = FieldNames([
    "Echo-request": 1, "Echo-response": 2, "Error-indication": 26, "Supported-extensions": 31,
    "End-marker": 254, "Packet": 255,
  ])
}
