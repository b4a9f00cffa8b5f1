// SPDX-License-Identifier: BSD-3-Clause
import Spelling
import Wire

/// What is shown of each packet by name: fields of the table, and what is known beside them.
public struct FieldChoice: Sendable {
  enum Item: Sendable {
    case number, time, file, layers
    case field(Field)
  }

  let items: [(name: String, item: Item)]

  /// Known of a packet without being a field.
  private static let others: [(name: String, item: Item)] = [
    ("number", .number), ("time", .time), ("file", .file), ("layers", .layers),
  ]

  private static let all = others + FieldTable.ofPackets.map { ($0.name, .field($0)) }

  /// Everything there is to know of a packet; the file where there are several.
  public static func everything(files: Int) -> FieldChoice {
    FieldChoice(items: all.filter { files > 1 || $0.name != "file" })
  }

  /// What is worth a column where nothing else was asked for.
  public static let usual = FieldChoice(
    items: [
      "number", "time", "layers", "ip.src", "ip.dst", "ip.ecn", "packet.length", "bth.opcode",
      "bth.dest_qp", "bth.psn", "roce.icrc", "packet.malformation",
    ].compactMap { name in all.first { $0.name == name } })

  /// Names with commas between them.
  public static func parse(_ text: String) throws(Problem) -> FieldChoice {
    var items: [(name: String, item: Item)] = []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      let trimmed = word.drop { $0 == " " }
      let name = String(trimmed.prefix { $0 != " " })
      guard let known = all.first(where: { $0.name == name }) else {
        throw Problem(unknown: name)
      }
      items.append(known)
    }
    return FieldChoice(items: items)
  }

  /// A field of that name in any header, or a name much like it.
  private static func meant(by name: String) -> String? {
    let names = all.map(\.name)
    return names.first { $0.hasSuffix(".\(name)") } ?? Spelling.nearest(to: name, among: names)
  }

  /// A name that nothing has.
  public struct Problem: Error {
    public let message: String

    init(unknown name: String) {
      if let word = FieldTable.protocolName(name) {
        message =
          "'\(name)' is no field: as a filter it holds for packets that have it (\(word.summary))"
      } else if name.isEmpty {
        message = "a name is missing"
      } else {
        let meant = FieldChoice.meant(by: name)
        message = "unknown field '\(name)'" + (meant.map { "; did you mean '\($0)'?" } ?? "")
      }
    }
  }
}
