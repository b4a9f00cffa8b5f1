// SPDX-License-Identifier: BSD-3-Clause
import Settings

/// libyaml's complaint in words for somebody who did not write a YAML parser.
struct YAMLComplaint {
  let problem: YAMLProblem
  let source: SourceText

  var diagnostic: Diagnostic {
    switch problem.message {
    case "mapping values are not allowed in this context", "found unexpected ':'": strayColon
    case "found character that cannot start any token": strayCharacter
    case "did not find expected ',' or ']'": bracket("[")
    case "did not find expected ',' or '}'": bracket("{")
    case "did not find expected key": strayText
    case "found unexpected end of stream" where problem.context.contains("quoted scalar"),
      "found unexpected document indicator" where problem.context.contains("quoted scalar"):
      at(
        problem.contextPlace, "these quotes are never closed",
        fix: "close them, or write the quote twice if it is meant")
    case "could not find expected ':'":
      at(
        problem.contextPlace, "expected 'key: value', but there is no ': ' here",
        fix: "write ':' behind the key, or indent the line as a part of the one above")
    case "did not find expected '-' indicator":
      at(
        problem.place, "expected '- ' in line with the items above", fix: "check the indentation",
        note: "the list begins here")
    case "block sequence entries are not allowed in this context":
      at(
        problem.place, "a list cannot begin here", fix: "begin the list on a line of its own")
    case "found unknown escape character":
      at(
        problem.place, "unknown escape after '\\' in double quotes",
        fix: "use single quotes, in which '\\' means itself")
    case "did not find expected comment or line break":
      at(
        problem.place, "text behind a '|' or '>' that begins a block of text",
        fix: "put the whole value in quotes")
    case "did not find expected <document start>":
      at(problem.place, "the document has ended above", fix: "remove the '...' line")
    default: at(problem.place, "not valid YAML: \(problem.message)")
    }
  }

  /// Mostly `wire: null:`, or a value that holds `: `.
  private var strayColon: Diagnostic {
    let isValue = Substring(line.head).contains(": ")
    let text = Substring(line.head + line.tail)
    let value = text.split(separator: ": ", maxSplits: 1).last.map { Substring($0) } ?? ""
    let isSimple = !value.contains { "\"[]{}#".contains($0) }
    let fix =
      isSimple
      ? "if this is a value, quote it: \"\(value.shortened)\""
      : "if this is a value, put it in quotes"
    return at(
      problem.place, "a ':' that ends a word makes it a key, which cannot stand here",
      fix: isValue ? fix : "check the indentation, and whether the line above lacks its ':'")
  }

  private var strayCharacter: Diagnostic {
    if line.tail.first == "\t" {
      return at(problem.place, "a tab cannot indent", fix: "indent with spaces")
    }
    let found = line.tail.first.map { String($0).oneLine } ?? ""
    return at(
      problem.place, "a value cannot begin with '\(found)'", fix: "put the value in quotes")
  }

  /// A bracket that is not closed, or one inside an unquoted value: `{rate: ${rate}}`.
  private func bracket(_ open: String) -> Diagnostic {
    let isAtEnd = problem.place.line + 1 >= source.lineCount && line.tail.isEmpty
    if isAtEnd { return at(problem.contextPlace, "this '\(open)' is never closed") }
    if let next = line.tail.first, next == "{" || next == "[" {
      let isParameter = line.head.last == "$"
      return at(
        problem.place, "inside '\(open)' a value with '\(next)' must be quoted",
        fix: isParameter ? "write \"${name}\" in quotes" : "put the whole value in quotes")
    }
    return at(
      problem.place, "expected ',' or the end of what '\(open)' opened",
      note: "it was opened here")
  }

  /// Text behind closing quotes, or a line that is indented like none above.
  private var strayText: Diagnostic {
    if let last = line.head.last(where: { $0 != " " }), last == "\"" || last == "'" {
      return at(
        problem.place, "text behind the closing quotes of a value",
        fix: "put the whole value in quotes, of the other kind if it holds quotes")
    }
    return at(
      problem.place, "expected a key in line with the ones above",
      fix: "check the indentation, and the quotes of the line above",
      note: problem.context.isEmpty ? nil : "the mapping begins here")
  }

  /// The line of the problem, cut at its place.
  private var line: (head: Substring.UnicodeScalarView, tail: Substring.UnicodeScalarView) {
    let scalars = (source.line(problem.place.line + 1) ?? "").unicodeScalars
    return (scalars.prefix(problem.place.column), scalars.dropFirst(problem.place.column))
  }

  private func at(
    _ mark: YAMLMark, _ message: String, fix: String? = nil, note: String? = nil
  ) -> Diagnostic {
    Diagnostic(
      .error, at: source.location(of: mark), message, fix: fix,
      note: note.map { .init($0, at: source.location(of: problem.contextPlace)) })
  }
}
