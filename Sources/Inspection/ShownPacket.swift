// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// One packet as printers see it; good for as long as the batch that it is in.
struct ShownPacket {
  /// Its number among all that were read, from 1.
  let number: UInt64
  let file: String
  let time: PacketTime
  let source: SinglePacket

  var layers: Layers { source.headers(0).pointee.layers }

  var icrc: ICRCVerdict { source.headers(0).pointee.icrc }

  /// The value of a field as people write it; nil where the packet does not have it.
  func text(of field: ReadyField) -> String? {
    field.reader.value(in: source, at: 0).map(field.field.text)
  }
}

/// A field and what reads it, made once for many packets.
struct ReadyField {
  let field: Field
  let reader: FieldReader

  init(_ field: Field) {
    self.field = field
    reader = field.reader
  }

  /// Nil where the table has no such field.
  init?(_ name: String) {
    guard let field = FieldTable.field(named: name) else { return nil }
    self.init(field)
  }
}

extension Field {
  /// What comes before the last dot of the name: the protocol.
  var group: Substring { name[..<(name.lastIndex(of: ".") ?? name.startIndex)] }

  /// What comes behind it.
  var part: Substring { name[group.endIndex...].drop { $0 == "." } }

  /// Whether it reads what fields of other names have, such as `ip.src` of `ipv4.src`.
  var isAlias: Bool { places.second != nil }

  /// Whether the header of a tunnel has it.
  var isOfTunnel: Bool {
    group == "tunnel"
      || Layers.tunnels.isSuperset(of: places.first.layers) && !places.first.layers.isEmpty
  }
}
