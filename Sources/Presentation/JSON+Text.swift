// SPDX-License-Identifier: BSD-3-Clause

extension JSON: CustomStringConvertible {
  /// Compact, on one line.
  public var description: String { text(pretty: false) }

  /// As text (RFC 8259), in lines indented by two spaces when `pretty`.
  public func text(pretty: Bool) -> String {
    var printer = JSONPrinter(isPretty: pretty)
    printer.print(self, depth: 0)
    return printer.text
  }
}

private struct JSONPrinter {
  let isPretty: Bool
  private(set) var text = ""

  init(isPretty: Bool) {
    self.isPretty = isPretty
  }

  mutating func print(_ value: JSON, depth: Int) {
    switch value {
    case .null: text += "null"
    case .boolean(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .number(let value): text += value.isFinite ? String(value) : "null"
    case .string(let value): print(string: value)
    case .array(let elements):
      printAll(elements, "[", "]", depth) { $0.print($1, depth: depth + 1) }
    case .object(let members):
      printAll(members, "{", "}", depth) { printer, member in
        printer.print(string: member.key)
        printer.text += printer.isPretty ? ": " : ":"
        printer.print(member.value, depth: depth + 1)
      }
    }
  }

  private mutating func printAll<Item>(
    _ items: [Item], _ open: String, _ close: String, _ depth: Int,
    _ printOne: (inout JSONPrinter, Item) -> Void
  ) {
    text += open
    for (index, item) in items.enumerated() {
      if index > 0 { text += "," }
      breakLine(depth + 1)
      printOne(&self, item)
    }
    if !items.isEmpty { breakLine(depth) }
    text += close
  }

  private mutating func breakLine(_ depth: Int) {
    if isPretty { text += "\n" + String(repeating: "  ", count: depth) }
  }

  private mutating func print(string: String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{0}"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
