// SPDX-License-Identifier: BSD-3-Clause

/// A text that values were read from: a pipeline file, an included one, or a command line.
public final class SourceText: Sendable {
  /// The name to show: a path as the user gave it, or `command line`.
  public let name: String
  public let lines: [String]

  public init(name: String, text: String) {
    self.name = name
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}

/// A stretch of one line of a source text. Lines and columns count from 1; columns are characters.
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
}
