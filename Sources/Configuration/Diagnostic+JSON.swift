// SPDX-License-Identifier: BSD-3-Clause
public import Presentation
public import Settings

extension Diagnostic {
  /// For `--json`: what the text has, without the excerpt.
  public var json: JSON {
    .object(present: [
      ("severity", .string(severity.rawValue)), ("place", location.json),
      ("message", .string(message)), ("fix", fix.map { .string($0) }),
      ("note", note.map { ["message": .string($0.message), "place": $0.location.json] }),
    ])
  }
}

extension SourceLocation {
  /// A text as a whole has no line.
  var json: JSON {
    let isWhole = line == 0
    return .object(present: [
      ("file", .string(source.name)), ("line", isWhole ? nil : .integer(line)),
      ("column", isWhole ? nil : .integer(column)), ("length", isWhole ? nil : .integer(length)),
    ])
  }
}
