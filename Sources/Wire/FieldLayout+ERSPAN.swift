// SPDX-License-Identifier: BSD-3-Clause

/// Mirrored packets (draft-foschiano-erspan-03 section 4). Bits are counted from the GRE header,
/// which takes the first 8 bytes.
extension FieldLayout {
  private static let start = 8 * 8

  /// What types II and III have alike.
  static let erspan = FieldLayout(
    name: "erspan", layer: [.erspan2, .erspan3], slot: .tunnel, length: 8 + 8,
    rows: [
      FieldRow(
        "version", start, .number(bits: 4), .shapesPacket, "Version, 1 in type II, 2 in type III"),
      FieldRow("vlan", start + 4, .number(bits: 12), .tunnelled, "VLAN that was mirrored"),
      FieldRow("cos", start + 16, .number(bits: 3), .tunnelled, "Class of service on the way in"),
      FieldRow("truncated", start + 21, .boolean, .tunnelled, "The mirrored packet was cut"),
      FieldRow("session", start + 22, .number(bits: 10), .tunnelled, "Number of the mirror"),
    ])

  static let erspanII = FieldLayout(
    name: "erspan", layer: .erspan2, slot: .tunnel, length: 8 + 8,
    rows: [
      FieldRow(
        "encapsulation", start + 19, .number(bits: 2), .tunnelled,
        "How the packet was tagged on the way in"),
      FieldRow("index", start + 44, .number(bits: 20), .tunnelled, "Port and direction"),
    ])

  static let erspanIII = FieldLayout(
    name: "erspan", layer: .erspan3, slot: .tunnel, length: 8 + 12,
    rows: [
      FieldRow(
        "damage", start + 19, .named(.erspanDamage, bits: 2), .tunnelled,
        "What was wrong with the packet"),
      FieldRow("timestamp", start + 32, .number(bits: 32), .tunnelled, "When it was mirrored"),
      FieldRow("group", start + 64, .number(bits: 16), .tunnelled, "Security group tag"),
      FieldRow("frame_type", start + 81, .number(bits: 5), .shapesPacket, "0 for Ethernet"),
      FieldRow("hardware", start + 86, .number(bits: 6), .tunnelled, "Number of the engine"),
      FieldRow("egress", start + 92, .boolean, .tunnelled, "It was mirrored on the way out"),
      FieldRow(
        "granularity", start + 93, .named(.erspanGranularity, bits: 2), .tunnelled,
        "Unit of the timestamp"),
      FieldRow("subheader", start + 95, .boolean, .shapesPacket, "8 bytes more follow"),
    ])
}

extension FieldNames {
  static let erspanDamage = FieldNames(["None": 0, "Short": 1, "Oversized": 2, "Bad": 3])
  static let erspanGranularity = FieldNames([
    "100us": 0, "100ns": 1, "IEEE-1588": 2, "Vendor": 3,
  ])
}
