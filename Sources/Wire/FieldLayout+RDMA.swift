// SPDX-License-Identifier: BSD-3-Clause

/// InfiniBand Architecture Specification, volume 1, chapters 7 to 9; RoCE in its Annexes A16, A17.
extension FieldLayout {
  /// Chapter 7.7.
  static let localRoute = FieldLayout(
    name: "lrh", layer: .lrh, slot: .link, length: 8,
    rows: [
      FieldRow("vl", 0, .number(bits: 4), .shapesPacket, "Virtual lane"),
      FieldRow("version", 4, .number(bits: 4), .shapesPacket, "Version, 0"),
      FieldRow("sl", 8, .number(bits: 4), .shapesPacket, "Service level"),
      FieldRow(
        "lnh", 14, .named(.linkNextHeader, bits: 2), .shapesPacket, "What follows the header"),
      FieldRow("dlid", 16, .hexadecimal(bits: 16), .shapesPacket, "Local identifier it goes to"),
      FieldRow("length", 37, .number(bits: 11), .countsBytes, "Length in words of 4 bytes"),
      FieldRow(
        "slid", 48, .hexadecimal(bits: 16), .shapesPacket, "Local identifier it comes from"),
    ])

  /// Chapter 8.3.
  static let globalRoute = FieldLayout(
    name: "grh", layer: .grh, slot: .route, length: 40,
    rows: [
      FieldRow("version", 0, .number(bits: 4), .shapesPacket, "Version, 6"),
      FieldRow("dscp", 4, .number(bits: 6), .writable, "Differentiated services code point"),
      FieldRow(
        "ecn", 10, .named(.ecn, bits: 2), .writable, "Explicit congestion notification"),
      FieldRow("flow_label", 12, .hexadecimal(bits: 20), .writable, "Label of the flow"),
      FieldRow("length", 32, .number(bits: 16), .countsBytes, "Bytes that follow the header"),
      FieldRow(
        "next_header", 48, .hexadecimal(bits: 8), .shapesPacket,
        "What follows, 0x1b for a base transport header"),
      FieldRow("hop_limit", 56, .number(bits: 8), .writable, "Hops that are left"),
      FieldRow("sgid", 64, .ipv6, .writable, "Global identifier it comes from"),
      FieldRow("dgid", 192, .ipv6, .writable, "Global identifier it goes to"),
    ])

  /// Chapter 9.2.
  static let baseTransport = FieldLayout(
    name: "bth", layer: .bth, slot: .rdma, length: 12, checksums: .rdma,
    rows: [
      FieldRow(
        "opcode", 0, .named(.opcode, bits: 8), .shapesPacket, "Transport and operation"),
      FieldRow(
        "transport", 0, .named(.transport, bits: 3), .shapesPacket, "Transport of the opcode"),
      FieldRow(
        "operation", 3, .named(.operation, bits: 5), .shapesPacket, "Operation of the opcode"),
      FieldRow("se", 8, .boolean, .writable, "Solicited event"),
      FieldRow("migreq", 9, .boolean, .writable, "Migration state"),
      FieldRow("pad", 10, .number(bits: 2), .countsBytes, "Bytes that pad the payload"),
      FieldRow("version", 12, .number(bits: 4), .shapesPacket, "Transport header version, 0"),
      FieldRow("pkey", 16, .hexadecimal(bits: 16), .writable, "Partition key"),
      FieldRow("fecn", 32, .boolean, .writable, "Forward congestion notification"),
      FieldRow("becn", 33, .boolean, .writable, "Backward congestion notification, set in CNPs"),
      FieldRow("dest_qp", 40, .hexadecimal(bits: 24), .writable, "Queue pair it goes to"),
      FieldRow("ackreq", 64, .boolean, .writable, "An acknowledgement is asked for"),
      FieldRow("psn", 72, .number(bits: 24), .writable, "Packet sequence number"),
    ])
}

extension FieldNames {
  static let opcode = FieldNames(
    (0...255).compactMap { number in
      let opcode = Opcode(rawValue: UInt8(number))
      guard opcode == .cnp || opcode.operation != nil else { return nil }
      return Entry(name: opcode.description, value: UInt64(number))
    }, hexadecimal: true)

  static let transport = FieldNames(
    Opcode.Transport.allCases.map { Entry(name: $0.abbreviation, value: UInt64($0.rawValue)) })

  static let operation = FieldNames(
    Opcode.Operation.allCases.map { Entry(name: $0.name, value: UInt64($0.rawValue)) },
    hexadecimal: true)

  /// Chapter 7.7.5.
  static let linkNextHeader = FieldNames(["Raw": 0, "IPv6": 1, "Local": 2, "Global": 3])
}
