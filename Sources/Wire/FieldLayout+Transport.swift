// SPDX-License-Identifier: BSD-3-Clause

extension FieldLayout {
  /// RFC 768.
  static let udp = FieldLayout(
    name: "udp", layer: .udp, slot: .transport, length: 8, checksums: .transport,
    rows: [
      FieldRow("src", 0, .number(bits: 16), .writable, "Source port"),
      FieldRow("dst", 16, .number(bits: 16), .writable, "Destination port, 4791 for RoCEv2"),
      FieldRow("length", 32, .number(bits: 16), .countsBytes, "Bytes of header and payload"),
      FieldRow(
        "checksum", 48, .hexadecimal(bits: 16), .checksum,
        "Checksum of pseudo-header, header and payload, 0 for none"),
    ])

  /// RFC 9293.
  static let tcp = FieldLayout(
    name: "tcp", layer: .tcp, slot: .transport, length: 20, checksums: .transport,
    rows: [
      FieldRow("src", 0, .number(bits: 16), .writable, "Source port"),
      FieldRow("dst", 16, .number(bits: 16), .writable, "Destination port"),
      FieldRow("seq", 32, .number(bits: 32), .writable, "Sequence number"),
      FieldRow("ack", 64, .number(bits: 32), .writable, "Acknowledgement number"),
      FieldRow(
        "data_offset", 96, .number(bits: 4), .countsBytes, "Header length in words of 4 bytes"),
      FieldRow("flags", 104, .hexadecimal(bits: 8), .writable, "All flags, from CWR to FIN"),
      FieldRow("cwr", 104, .boolean, .writable, "Congestion window reduced"),
      FieldRow("ece", 105, .boolean, .writable, "ECN echo"),
      FieldRow("urg", 106, .boolean, .writable, "The urgent pointer counts"),
      FieldRow("ack_flag", 107, .boolean, .writable, "The acknowledgement number counts"),
      FieldRow("psh", 108, .boolean, .writable, "Push"),
      FieldRow("rst", 109, .boolean, .writable, "Reset"),
      FieldRow("syn", 110, .boolean, .writable, "Synchronize: opens a connection"),
      FieldRow("fin", 111, .boolean, .writable, "Finish: no more data from the sender"),
      FieldRow("window", 112, .number(bits: 16), .writable, "Receive window, unscaled"),
      FieldRow(
        "checksum", 128, .hexadecimal(bits: 16), .checksum,
        "Checksum of pseudo-header, header and payload"),
      FieldRow("urgent_pointer", 144, .number(bits: 16), .writable, "Where urgent data ends"),
    ])

  /// RFC 792.
  static let icmp = FieldLayout(
    name: "icmp", layer: .icmp, slot: .transport, length: 8, checksums: .transport,
    rows: [
      FieldRow("type", 0, .named(.icmpType, bits: 8), .shapesPacket, "Kind of message"),
      FieldRow("code", 8, .number(bits: 8), .shapesPacket, "Kind within the type"),
      FieldRow("checksum", 16, .hexadecimal(bits: 16), .checksum, "Checksum of the message"),
    ])

  /// RFC 4443.
  static let icmpv6 = FieldLayout(
    name: "icmpv6", layer: .icmpv6, slot: .transport, length: 8, checksums: .transport,
    rows: [
      FieldRow("type", 0, .named(.icmpv6Type, bits: 8), .shapesPacket, "Kind of message"),
      FieldRow("code", 8, .number(bits: 8), .shapesPacket, "Kind within the type"),
      FieldRow(
        "checksum", 16, .hexadecimal(bits: 16), .checksum,
        "Checksum of pseudo-header and message"),
    ])
}
