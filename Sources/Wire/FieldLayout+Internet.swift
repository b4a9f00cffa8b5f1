// SPDX-License-Identifier: BSD-3-Clause

extension FieldLayout {
  /// RFC 791, with RFC 2474 and RFC 3168 for the former type of service.
  static let ipv4 = FieldLayout(
    name: "ipv4", layer: .ipv4, slot: .network, length: 20, checksums: .ipv4Header,
    rows: [
      FieldRow("version", 0, .number(bits: 4), .shapesPacket, "IP version, 4"),
      FieldRow(
        "ihl", 4, .number(bits: 4), .countsBytes, "Header length in words of 4 bytes"),
      FieldRow("dscp", 8, .number(bits: 6), .writable, "Differentiated services code point"),
      FieldRow(
        "ecn", 14, .named(.ecn, bits: 2), .writable, "Explicit congestion notification"),
      FieldRow("length", 16, .number(bits: 16), .countsBytes, "Bytes of header and payload"),
      FieldRow(
        "id", 32, .hexadecimal(bits: 16), .writable, "Identification, equal in all fragments"),
      FieldRow("df", 49, .boolean, .writable, "Do not fragment"),
      FieldRow("mf", 50, .boolean, .reassembly, "More fragments follow"),
      FieldRow(
        "fragment_offset", 51, .number(bits: 13), .reassembly,
        "Place of this fragment in units of 8 bytes"),
      FieldRow("ttl", 64, .number(bits: 8), .writable, "Time to live, in hops"),
      FieldRow(
        "protocol", 72, .named(.ipProtocol, bits: 8), .shapesPacket, "Protocol that follows"),
      FieldRow("checksum", 80, .hexadecimal(bits: 16), .checksum, "Checksum of the header"),
      FieldRow("src", 96, .ipv4, .writable, "Source address", checksums: .ipv4Address),
      FieldRow("dst", 128, .ipv4, .writable, "Destination address", checksums: .ipv4Address),
    ])

  /// RFC 8200, with RFC 2474 and RFC 3168 for the traffic class.
  static let ipv6 = FieldLayout(
    name: "ipv6", layer: .ipv6, slot: .network, length: 40,
    rows: [
      FieldRow("version", 0, .number(bits: 4), .shapesPacket, "IP version, 6"),
      FieldRow("dscp", 4, .number(bits: 6), .writable, "Differentiated services code point"),
      FieldRow(
        "ecn", 10, .named(.ecn, bits: 2), .writable, "Explicit congestion notification"),
      FieldRow("flow_label", 12, .hexadecimal(bits: 20), .writable, "Label of the flow"),
      FieldRow("length", 32, .number(bits: 16), .countsBytes, "Bytes that follow the header"),
      FieldRow(
        "next_header", 48, .named(.ipProtocol, bits: 8), .shapesPacket,
        "What follows the header, an extension header perhaps"),
      FieldRow("hop_limit", 56, .number(bits: 8), .writable, "Hops that are left"),
      FieldRow("src", 64, .ipv6, .writable, "Source address", checksums: .ipv6Source),
      FieldRow("dst", 192, .ipv6, .writable, "Destination address", checksums: .ipv6Destination),
    ])
}
