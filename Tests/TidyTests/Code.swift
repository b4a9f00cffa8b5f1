// SPDX-License-Identifier: BSD-3-Clause

/// Swift or C without its comments and what its string literals say; every line stays in place.
struct Code {
  private(set) var bytes: [UInt8] = []
  private let source: [UInt8]
  private var place = 0

  init(_ file: RepositoryFile) {
    source = Array(file.text.utf8)
    while place < source.count { step() }
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  private mutating func step() {
    if starts("//") {
      skip(until: "\n", keepingEnd: true)
    } else if starts("/*") {
      skip(until: "*/")
    } else if let quote = ["\"\"\"", "#\"", "\"", "'\"'"].first(where: starts) {
      skipLiteral(quote)
    } else {
      bytes.append(source[place])
      place += 1
    }
  }

  private mutating func skipLiteral(_ quote: String) {
    place += quote.utf8.count
    guard quote != "'\"'" else { return }
    bytes += Array("\"\"".utf8)
    skip(until: quote == "#\"" ? "\"#" : quote, escapes: quote != "#\"")
  }

  private func starts(_ text: String) -> Bool { source[place...].starts(with: text.utf8) }

  private mutating func skip(until end: String, escapes: Bool = false, keepingEnd: Bool = false) {
    while place < source.count && !starts(end) {
      if escapes && source[place] == UInt8(ascii: "\\") { place += 1 }
      if place < source.count && source[place] == UInt8(ascii: "\n") {
        bytes.append(source[place])
      }
      place += 1
    }
    if !keepingEnd { place += end.utf8.count }
  }
}
