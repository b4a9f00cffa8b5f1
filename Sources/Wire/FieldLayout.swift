// SPDX-License-Identifier: BSD-3-Clause

/// A header as a list of its fields. A new protocol is one of these; a new field is one row.
struct FieldLayout {
  /// What comes before the dot in the fields' names.
  let name: String
  let layer: Layers
  let slot: HeaderSlot
  /// The header's fixed length in bytes, which the parser has made sure of.
  let length: Int
  /// What else than the layer says that the fields are there.
  var origin: FieldOrigin = .header
  /// What covers the rows that do not say otherwise.
  var checksums: FieldChecksums = .none
  var rows: [FieldRow]

  var fields: [Field] {
    rows.map { row in
      let place = FieldPlace(
        layers: layer, origin: origin, slot: slot, headerLength: length, bit: row.bit,
        width: row.kind.bits, bias: 0, checksums: row.checksums ?? checksums)
      return Field(
        name: "\(name).\(row.name)", kind: row.kind, summary: row.summary,
        places: FieldPlaces(first: place, second: nil), access: row.access)
    }
  }

  /// The same header in another place, such as within a tunnel.
  func placed(as name: String, layer: Layers, slot: HeaderSlot) -> FieldLayout {
    FieldLayout(
      name: name, layer: layer, slot: slot, length: length, origin: origin, checksums: checksums,
      rows: rows)
  }

  func replacingAccess(_ old: FieldAccess, with new: FieldAccess) -> FieldLayout {
    var layout = self
    for index in rows.indices where rows[index].access == old { layout.rows[index].access = new }
    return layout
  }
}

/// One field of a header: its name, first bit, kind, access and description.
struct FieldRow {
  let name: String
  let bit: Int
  let kind: FieldKind
  var access: FieldAccess
  let summary: String
  let checksums: FieldChecksums?

  init(
    _ name: String, _ bit: Int, _ kind: FieldKind, _ access: FieldAccess, _ summary: String,
    checksums: FieldChecksums? = nil
  ) {
    self.name = name
    self.bit = bit
    self.kind = kind
    self.access = access
    self.summary = summary
    self.checksums = checksums
  }
}

extension FieldAccess {
  static let shapesPacket = readOnly("it says what follows, which writing it would not change")
  static let countsBytes = readOnly("it follows from the packet's bytes")
  static let checksum = readOnly("it is corrected whenever a field that it covers is set")
  static let reassembly = readOnly("it says which part of a datagram the packet is")
  static let notInPacket = readOnly("it is known of the packet, not part of it")
}
