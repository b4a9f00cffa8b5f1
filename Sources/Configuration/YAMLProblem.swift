// SPDX-License-Identifier: BSD-3-Clause
import Settings

extension YAMLProblem {
  /// libyaml's complaint in words for somebody who did not write a YAML parser.
  func diagnostic(in source: SourceText) -> Diagnostic {
    switch message {
    case "mapping values are not allowed in this context": return strayColon(in: source)
    case "found character that cannot start any token": return strayCharacter(in: source)
    case "found unexpected end of stream" where context.contains("quoted scalar"):
      return at(
        contextPlace, source, "these quotes are never closed",
        fix: "close them, or write the quote twice if it is meant")
    case "found unexpected document indicator" where context.contains("quoted scalar"):
      return at(
        contextPlace, source, "these quotes are never closed",
        fix: "close them, or write the quote twice if it is meant")
    case "could not find expected ':'":
      return at(
        contextPlace, source, "expected 'key: value', but there is no ': ' here",
        fix: "write ':' behind the key, or indent the line as a part of the one above")
    case "did not find expected ',' or ']'":
      return bracket(source, "[")
    case "did not find expected ',' or '}'":
      return bracket(source, "{")
    case "did not find expected key":
      return at(
        place, source, "expected a key in line with the ones above",
        fix: "check the indentation, and the quotes of the line above",
        note: context.isEmpty ? nil : ("the mapping begins here", contextPlace))
    case "did not find expected '-' indicator":
      return at(
        place, source, "expected '- ' in line with the items above",
        fix: "check the indentation", note: ("the list begins here", contextPlace))
    case "block sequence entries are not allowed in this context":
      return at(
        place, source, "a list cannot begin here", fix: "begin the list on a line of its own")
    case "found unknown escape character":
      return at(
        place, source, "unknown escape after '\\' in double quotes",
        fix: "use single quotes, in which '\\' means itself")
    default:
      return at(place, source, "not valid YAML: \(message)")
    }
  }

  /// Mostly `wire: null:`, or a value that holds `: `.
  private func strayColon(in source: SourceText) -> Diagnostic {
    let line = source.line(place.line + 1) ?? ""
    let before = line.unicodeScalars.prefix(place.column + 1)
    let value = Substring(before).split(separator: ": ", maxSplits: 1).dropFirst().first
    let fix = value.map { "if this is a value, quote it: \"\($0.shortened)\"" }
    return at(
      place, source, "a ':' that ends a word makes it a key, which cannot stand here",
      fix: fix ?? "check the indentation of this line and of the one above")
  }

  private func strayCharacter(in source: SourceText) -> Diagnostic {
    let line = source.line(place.line + 1)?.unicodeScalars.dropFirst(place.column)
    if line?.first == "\t" {
      return at(place, source, "a tab cannot indent", fix: "indent with spaces")
    }
    let found = line?.first.map { String($0).oneLine } ?? ""
    return at(
      place, source, "a value cannot begin with '\(found)'", fix: "put the value in quotes")
  }

  private func bracket(_ source: SourceText, _ open: String) -> Diagnostic {
    let rest = source.line(place.line + 1)?.unicodeScalars.dropFirst(place.column)
    let isAtEnd = place.line + 1 >= source.lineCount && rest?.isEmpty != false
    if isAtEnd { return at(contextPlace, source, "this '\(open)' is never closed") }
    return at(
      place, source, "expected ',' or the end of what '\(open)' opened",
      note: ("it was opened here", contextPlace))
  }

  private func at(
    _ mark: YAMLMark, _ source: SourceText, _ message: String, fix: String? = nil,
    note: (String, YAMLMark)? = nil
  ) -> Diagnostic {
    Diagnostic(
      .error, at: location(mark, source), message, fix: fix,
      note: note.map { .init($0.0, at: location($0.1, source)) })
  }

  private func location(_ mark: YAMLMark, _ source: SourceText) -> SourceLocation {
    let line = min(mark.line + 1, source.lineCount)
    return SourceLocation(source: source, line: line, column: mark.column + 1, length: 1)
  }
}
