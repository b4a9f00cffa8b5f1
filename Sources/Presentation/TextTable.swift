// SPDX-License-Identifier: BSD-3-Clause

/// Rows of text in columns, as wide as they need to be.
public struct TextTable {
  /// On which side a column's texts stand.
  public enum Alignment: Sendable {
    case left, right
  }

  private let alignments: [Alignment]
  private var rows: [[String]] = []

  public init(_ alignments: [Alignment]) { self.alignments = alignments }

  public mutating func add(_ cells: String...) { rows.append(cells) }

  /// The rows as lines, without spaces at their ends.
  public func lines(indent: Int = 0) -> [String] {
    let widths = alignments.indices.map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      var line = String(repeating: " ", count: indent)
      for (column, text) in row.enumerated() {
        let padding = String(repeating: " ", count: max(0, widths[column] - text.count))
        line += (column == 0 ? "" : "  ")
        line += alignments[column] == .left ? text + padding : padding + text
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
