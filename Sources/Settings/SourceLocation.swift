// SPDX-License-Identifier: BSD-3-Clause

/// A text that values were read from: a pipeline file, an included one, or a command line.
public final class SourceText: Sendable {
  /// The name to show: a path as the user gave it, or `command line`.
  public let name: String
  public let text: String
  private let lineStarts: [UInt32]

  /// `text` must be shorter than 4 GiB.
  public init(name: String, text: String) {
    self.name = name
    var text = text
    lineStarts = text.withUTF8 { SourceText.lineStarts(in: $0) }
    self.text = text
  }

  public var lineCount: Int { lineStarts.count }

  /// The text of a line, counted from 1, without its line break.
  public func line(_ number: Int) -> Substring? {
    guard number >= 1, number <= lineStarts.count else { return nil }
    let utf8 = text.utf8
    let start = utf8.index(utf8.startIndex, offsetBy: Int(lineStarts[number - 1]))
    let end =
      number < lineStarts.count
      ? utf8.index(utf8.startIndex, offsetBy: Int(lineStarts[number])) : utf8.endIndex
    var scalars = text.unicodeScalars[start..<end]
    while let last = scalars.last, SourceText.lineBreaks.contains(last) { scalars.removeLast() }
    return Substring(scalars)
  }

  /// Where a byte of the text stands.
  public func location(ofByte offset: Int) -> SourceLocation {
    let index = (lineStarts.lastIndex { Int($0) <= offset }) ?? 0
    let start = Int(lineStarts[index])
    let before = text.utf8.dropFirst(start).prefix(max(0, offset - start))
    let column = before.count { $0 & 0xC0 != 0x80 } + 1
    return SourceLocation(source: self, line: index + 1, column: column, length: 1)
  }

  private static let lineBreaks: [Unicode.Scalar] = [
    "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}",
  ]

  /// Lines end where YAML 1.1 ends them: LF, CR, CR LF, U+0085, U+2028 and U+2029.
  private static func lineStarts(in bytes: UnsafeBufferPointer<UInt8>) -> [UInt32] {
    var starts: [UInt32] = [0]
    var index = 0
    while index < bytes.count {
      let width = lineBreak(in: bytes, at: index)
      index += max(1, width)
      if width > 0 { starts.append(UInt32(truncatingIfNeeded: index)) }
    }
    return starts
  }

  /// How many bytes the line break at `index` has; 0 where there is none.
  private static func lineBreak(in bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
    func byte(_ offset: Int) -> UInt8 {
      index + offset < bytes.count ? bytes[index + offset] : 0
    }
    switch bytes[index] {
    case 0x0A: return 1
    case 0x0D: return byte(1) == 0x0A ? 2 : 1
    case 0xC2: return byte(1) == 0x85 ? 2 : 0
    case 0xE2: return byte(1) == 0x80 && (byte(2) == 0xA8 || byte(2) == 0xA9) ? 3 : 0
    default: return 0
    }
  }
}

/// A stretch of one line of a source text.
///
/// Lines and columns count from 1; columns are Unicode scalars. Line 0 means the text as a whole.
public struct SourceLocation: Sendable {
  public var source: SourceText
  public var line: Int
  public var column: Int
  public var length: Int

  public init(source: SourceText, line: Int, column: Int, length: Int) {
    self.source = source
    self.line = line
    self.column = column
    self.length = length
  }

  /// No place in particular, as for a file that cannot be read.
  public init(whole source: SourceText) {
    self.init(source: source, line: 0, column: 0, length: 0)
  }
}

extension SourceLocation: CustomStringConvertible {
  /// `FILE:LINE:COLUMN`, as editors and compilers write it.
  public var description: String {
    line == 0 ? source.name.oneLine : "\(source.name.oneLine):\(line):\(column)"
  }
}
