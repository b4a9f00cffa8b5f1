// SPDX-License-Identifier: BSD-3-Clause

/// A function, initializer or computed property, with the lines from its first to its brace.
struct Body {
  let place: String
  let length: Int
  let isFunction: Bool
}

/// Finds the outermost bodies of a file: what lies in one is a part of it.
struct BodyFinder {
  private static let functions: Set = ["func", "init", "deinit", "subscript"]
  private static let values: Set = ["var", "let"]
  private static let types: Set = ["struct", "class", "enum", "extension", "protocol", "case"]

  private let path: String
  private var line = 1
  private var word = ""
  /// The declaration that the next brace opens.
  private var declaration: (word: String, line: Int)?
  /// For each open brace, the body that it opened.
  private var open: [(word: String, line: Int)?] = []
  private(set) var bodies: [Body] = []

  init(_ file: RepositoryFile) {
    path = file.path
    for byte in Code(file).bytes { read(byte) }
  }

  private mutating func read(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."):
      word.append(Character(UnicodeScalar(byte)))
      return
    default:
      note()
    }
    switch byte {
    case UInt8(ascii: "\n"): line += 1
    case UInt8(ascii: "{"): begin()
    case UInt8(ascii: "}"): end()
    case UInt8(ascii: ";"): declaration = nil
    default: break
    }
  }

  private mutating func note() {
    let isStart = Self.functions.contains(word) || Self.values.contains(word)
    if isStart || Self.types.contains(word) { declaration = (word, line) }
    word = ""
  }

  private mutating func begin() {
    let isInside = open.contains { $0 != nil }
    let isBody = declaration.map { !Self.types.contains($0.word) } ?? false
    open.append(isBody && !isInside ? declaration : nil)
    declaration = nil
  }

  private mutating func end() {
    declaration = nil
    guard let body = open.popLast() ?? nil else { return }
    bodies.append(
      Body(
        place: "\(path):\(body.line)", length: line - body.line + 1,
        isFunction: Self.functions.contains(body.word)))
  }
}
