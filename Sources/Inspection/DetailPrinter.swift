// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// Shows all headers of each packet, with all their fields, under the packet's line.
final class DetailPrinter: PacketPrinter {
  /// What a packet's text consists of: the name of a header, or a field with the text before it.
  private enum Part {
    case heading(String)
    case field(ReadyField, label: String)
  }

  private let line: PacketLine
  private let groups = DetailPrinter.groups()
  private var parts = LayerMemory<[Part]>()
  private var isFirst = true

  init(time: TimeStyle) { line = PacketLine(time: time) }

  func show(_ packet: ShownPacket, in output: TextOutput) {
    if !isFirst { output.add(line: "") }
    isFirst = false
    output.add(line: line.text(packet))
    for part in parts.recall(packet.layers, { Self.parts(of: packet, groups) }) {
      switch part {
      case .heading(let name): output.add(line: name)
      case .field(let field, let label):
        output.add(line: label + (packet.text(of: field) ?? ""))
      }
    }
  }

  private static func parts(
    of packet: ShownPacket, _ groups: [(name: Substring, fields: [ReadyField])]
  ) -> [Part] {
    groups.flatMap { name, fields -> [Part] in
      let present = fields.filter { packet.text(of: $0) != nil }
      guard let width = present.map({ $0.field.part.utf8.count }).max() else { return [] }
      return [.heading("  \(name)")]
        + present.map { field in
          let part = field.field.part
          let padding = String(repeating: " ", count: width - part.utf8.count)
          return .field(field, label: "    \(part)\(padding)  ")
        }
    }
  }

  /// By the part of their names before the last dot, in the order of the table. What is read from
  /// other fields' places comes under their names only.
  private static func groups() -> [(name: Substring, fields: [ReadyField])] {
    var groups: [(name: Substring, fields: [ReadyField])] = []
    for field in FieldTable.ofPackets where !field.isAlias {
      if let place = groups.firstIndex(where: { $0.name == field.group }) {
        groups[place].fields.append(ReadyField(field))
      } else {
        groups.append((field.group, [ReadyField(field)]))
      }
    }
    return groups
  }
}
