// SPDX-License-Identifier: BSD-3-Clause

/// Reads the words and signs of a condition's text, and makes errors that point at them.
struct ExpressionScanner {
  let text: String
  private let characters: [UInt8]
  /// Where the next character is, in UTF-8 code units.
  private(set) var position = 0
  /// Where the last word or sign ended, before the space behind it.
  private(set) var lastEnd = 0

  init(_ text: String) {
    self.text = text
    characters = Array(text.utf8)
  }

  var isAtEnd: Bool { position == characters.count }

  private mutating func pass(_ count: Int) {
    position += count
    lastEnd = position
    skipSpace()
  }

  mutating func skipSpace() {
    while position < characters.count, characters[position].isSpace { position += 1 }
  }

  /// Passes `sign` when it is next.
  mutating func take(_ sign: String) -> Bool {
    guard characters[position...].starts(with: sign.utf8) else { return false }
    pass(sign.utf8.count)
    return true
  }

  /// Passes `word` when it is next, and is not the beginning of a longer one.
  mutating func takeWord(_ word: String) -> Bool {
    guard peekName() == word else { return false }
    return take(word)
  }

  /// Passes one of `names` in any case, the longest that fits; names may have any characters.
  mutating func takeLongest(of names: FieldNames) -> Span? {
    let start = position
    let rest = characters[start...]
    let fitting = names.entries.lazy.map(\.name).filter { name in
      name.utf8.count <= rest.count
        && zip(name.utf8, rest).allSatisfy { $0.lowercase == $1.lowercase }
        && !(rest.dropFirst(name.utf8.count).first?.isWordPart ?? false)
    }
    guard let longest = fitting.max(by: { $0.utf8.count < $1.utf8.count }) else { return nil }
    pass(longest.utf8.count)
    return Span(start: start, end: lastEnd)
  }

  /// The letters, digits, `_` and `.` that come next; a field or protocol when well written.
  func peekName() -> String {
    String(
      decoding: characters[position...].prefix { $0.isNamePart }, as: UTF8.self)
  }

  /// Passes a name, or nothing at all.
  mutating func takeName() -> (name: String, span: Span) {
    let name = peekName()
    let start = position
    pass(name.utf8.count)
    return (name, Span(start: start, end: lastEnd))
  }

  /// Passes a number, address or name, which ends before `..`.
  mutating func takeValue() -> (text: String, span: Span) {
    let start = position
    var end = start
    while end < characters.count, characters[end].isWordPart,
      !characters[end...].starts(with: "..".utf8)
    {
      end += 1
    }
    pass(end - start)
    let span = Span(start: start, end: end)
    return (self[span], span)
  }

  /// A stretch of the text, in UTF-8 code units.
  struct Span {
    var start: Int
    var end: Int
  }

  subscript(span: Span) -> String {
    String(decoding: characters[span.start..<span.end], as: UTF8.self)
  }

  /// The word or sign that comes next, for an error to point at.
  var next: Span {
    let rest = characters[position...]
    let word = rest.prefix { $0.isNamePart }.count
    let signs = ["==", "!=", "<=", ">=", "&&", "||", ".."]
    let sign = signs.contains { rest.starts(with: $0.utf8) } ? 2 : min(1, rest.count)
    return Span(start: position, end: position + (word > 0 ? word : sign))
  }

  func error(_ message: String, at span: Span, suggestion: String? = nil) -> ExpressionError {
    var (offset, length, start) = (0, 0, 0)
    for character in text where start < span.end {
      let end = start + character.utf8.count
      if end <= span.start { offset += 1 } else { length += 1 }
      start = end
    }
    return ExpressionError(
      message: message, offset: offset, length: length, suggestion: suggestion)
  }

  /// Says what is there instead of what was `expected`.
  func unexpected(_ expected: String) -> ExpressionError {
    let span = next
    let found = isAtEnd ? "the end" : "'\(excerpt(self[wholeCharacter(span)]))'"
    return error("expected \(expected), found \(found)", at: wholeCharacter(span))
  }

  /// A character outside ASCII is several code units, which only together are a text.
  private func wholeCharacter(_ span: Span) -> Span {
    var span = span
    while span.end < characters.count, characters[span.end] & 0xc0 == 0x80 { span.end += 1 }
    return span
  }
}

extension UInt8 {
  fileprivate var isSpace: Bool { self == 0x20 || (0x09...0x0d).contains(self) }

  fileprivate var lowercase: UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
  }

  private var isAlphanumeric: Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(lowercase)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
  }

  fileprivate var isNamePart: Bool {
    isAlphanumeric || self == UInt8(ascii: "_") || self == UInt8(ascii: ".")
  }

  fileprivate var isWordPart: Bool {
    isNamePart || self == UInt8(ascii: ":") || self == UInt8(ascii: "/")
      || self == UInt8(ascii: "-")
  }
}
