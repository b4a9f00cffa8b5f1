// SPDX-License-Identifier: BSD-3-Clause

/// What the links of a fabric tell each other, and the labels that its routers put on packets.
extension FieldLayout {
  /// RFC 3032.
  static let mpls = FieldLayout(
    name: "mpls", layer: .mpls, slot: .label, length: 4,
    rows: [
      FieldRow("label", 0, .number(bits: 20), .writable, "Outermost label"),
      FieldRow("tc", 20, .number(bits: 3), .writable, "Traffic class"),
      FieldRow("bottom", 23, .boolean, .shapesPacket, "No other label follows"),
      FieldRow("ttl", 24, .number(bits: 8), .writable, "Time to live, in hops"),
    ])

  /// IEEE 802.3, Annex 31B.
  static let pause = FieldLayout(
    name: "pause", layer: .pause, slot: .network, length: 4,
    rows: [
      FieldRow(
        "quanta", 16, .number(bits: 16), .writable,
        "How long to stop, in times of 512 bits; 0 to go on")
    ])

  /// IEEE 802.1Qbb. Bit i of the vector's lower byte says whether the time of class i counts.
  static let priorityFlowControl = FieldLayout(
    name: "pfc", layer: .pfc, slot: .network, length: 20,
    rows: [
      FieldRow(
        "classes", 24, .hexadecimal(bits: 8), .writable, "Classes whose times count, a bit each")
    ]
      + (0..<8).map { FieldRow("class\($0)", 31 - $0, .boolean, .writable, "Class \($0) counts") }
      + (0..<8).map {
        FieldRow(
          "quanta\($0)", 32 + 16 * $0, .number(bits: 16), .writable,
          "How long class \($0) is to stop, in times of 512 bits; 0 to go on")
      })
}
