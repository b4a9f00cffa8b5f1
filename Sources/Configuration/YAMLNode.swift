// SPDX-License-Identifier: BSD-3-Clause
import Settings

/// A piece of a YAML document that knows where it was written.
struct YAMLNode {
  enum Content {
    case scalar(YAMLScalar)
    case sequence([YAMLNode])
    case mapping([YAMLEntry])
    /// A value that was complained about already: nothing more is said of it.
    case unreadable
  }

  var content: Content
  var location: SourceLocation

  /// For "expected a list, found a mapping".
  var noun: String {
    switch content {
    case .scalar(let scalar): scalar.isAbsent ? "nothing" : "'\(scalar.text.shortened)'"
    case .sequence: "a list"
    case .mapping: "a mapping"
    case .unreadable: "an unreadable value"
    }
  }

  /// Whether nothing is written where a value could be.
  var isAbsent: Bool {
    if case .scalar(let scalar) = content { scalar.isAbsent } else { false }
  }

  /// Where some characters of a scalar's text were written.
  func location(ofCharacters offset: Int, length: Int) -> SourceLocation {
    guard case .scalar(let scalar) = content else { return location }
    let range = scalar.scalarRange(ofCharacters: offset, length: length)
    var place = location
    if scalar.pieces.isEmpty {
      guard scalar.isVerbatim else { return location }
      place.column += (scalar.isPlain ? 0 : 1) + range.lowerBound
      place.length = range.count
      return place
    }
    guard let piece = scalar.piece(at: range.lowerBound) else { return location }
    let isLiteral = piece.origin == nil
    place.column = piece.column + (isLiteral ? range.lowerBound - piece.start : 0)
    place.length = isLiteral ? range.count : piece.length
    return place
  }
}

/// A key of a mapping with its value.
struct YAMLEntry {
  let key: String
  let keyLocation: SourceLocation
  var value: YAMLNode
}

/// A scalar's text, and how it lies in the source.
struct YAMLScalar {
  /// A stretch of the text, counted in Unicode scalars, and the columns that it came from.
  struct Piece {
    var start: Int
    var column: Int
    var length: Int
    /// What to say of a parameter's value, of which the columns hold only the name.
    var origin: Diagnostic.Note?
  }

  var text: String
  /// Neither in quotes nor a block.
  var isPlain: Bool
  /// Whether the source has the text letter for letter on one line, within the quotes if any.
  var isVerbatim: Bool
  /// Empty unless parameters were put in.
  var pieces: [Piece] = []

  var isAbsent: Bool { isPlain && text.isEmpty }

  func piece(at offset: Int) -> Piece? { pieces.last { $0.start <= offset } }

  /// Where the first parameter's value comes from that some characters are of.
  func origin(ofCharacters offset: Int, length: Int) -> Diagnostic.Note? {
    let range = scalarRange(ofCharacters: offset, length: max(length, 1))
    let ends = pieces.dropFirst().map(\.start) + [Int.max]
    return zip(pieces, ends).lazy
      .filter { piece, end in piece.start < max(range.upperBound, 1) && end > range.lowerBound }
      .compactMap { $0.0.origin }.first
  }

  /// Locations count Unicode scalars, problems of a value count characters.
  func scalarRange(ofCharacters offset: Int, length: Int) -> Range<Int> {
    let start = text.index(text.startIndex, offsetBy: max(0, offset), limitedBy: text.endIndex)
    let from = start ?? text.endIndex
    let to = text.index(from, offsetBy: max(0, length), limitedBy: text.endIndex) ?? text.endIndex
    let before = text.unicodeScalars.distance(from: text.startIndex, to: from)
    return before..<before + text.unicodeScalars.distance(from: from, to: to)
  }
}
