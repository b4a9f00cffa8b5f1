// SPDX-License-Identifier: BSD-3-Clause

extension Diagnostic: CustomStringConvertible {
  public var description: String { text() }

  /// The lines to print: place and message, the source line with a caret, the fix, the note.
  public func text(colored: Bool = false) -> String {
    let paint = Paint(isOn: colored)
    let color = severity == .error ? Paint.red : Paint.magenta
    var lines = [
      paint("\(location): ", Paint.bold) + paint("\(severity.rawValue): ", color)
        + paint(message.oneLine, Paint.bold)
    ]
    if let excerpt = SourceExcerpt(of: location) {
      lines.append("  " + excerpt.line)
      lines.append("  " + excerpt.indentation + paint(excerpt.underline, Paint.green))
    }
    if let fix { lines.append("  " + paint("fix:", Paint.cyan) + " " + fix.oneLine) }
    if let note {
      let place = note.location.source.name.oneLine + ":\(note.location.line)"
      lines.append("  " + paint("note:", Paint.cyan) + " \(place): \(note.message.oneLine)")
    }
    return lines.joined(separator: "\n")
  }
}

/// Terminal colours (ECMA-48 SGR), or none.
private struct Paint {
  static let bold = "1"
  static let red = "1;31"
  static let green = "32"
  static let magenta = "1;35"
  static let cyan = "36"

  let isOn: Bool

  func callAsFunction(_ text: String, _ code: String) -> String {
    isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
