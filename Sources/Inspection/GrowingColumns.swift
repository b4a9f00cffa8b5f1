// SPDX-License-Identifier: BSD-3-Clause

/// Rows in columns that are as wide as the widest text so far: what is shown is aligned without
/// being known to its end, and nothing is cut.
struct GrowingColumns {
  struct Column {
    var isRight = false
    /// Spaces before it.
    var gap = 2
  }

  private let columns: [Column]
  private var widths: [Int]
  private var rows: [[String]] = []

  /// As many rows are looked at together before the first of them is shown.
  static let block = 64

  init(_ columns: [Column]) {
    self.columns = columns
    widths = Array(repeating: 0, count: columns.count)
  }

  /// Takes a row, one text for each column; true when enough are together to be shown.
  mutating func add(_ row: [String]) -> Bool {
    rows.append(row)
    return rows.count >= Self.block
  }

  /// The rows that were not shown yet, as lines.
  mutating func takeLines() -> [UInt8] {
    for row in rows {
      for (column, text) in row.enumerated() {
        widths[column] = max(widths[column], text.utf8.count)
      }
    }
    var lines: [UInt8] = []
    for row in rows { append(row, to: &lines) }
    rows.removeAll(keepingCapacity: true)
    return lines
  }

  /// Columns that are empty so far take no room.
  private func append(_ row: [String], to lines: inout [UInt8]) {
    let start = lines.count
    for (column, text) in row.enumerated() where widths[column] > 0 {
      let padding = repeatElement(UInt8(ascii: " "), count: widths[column] - text.utf8.count)
      if lines.count > start {
        lines += repeatElement(UInt8(ascii: " "), count: columns[column].gap)
      }
      if columns[column].isRight { lines += padding }
      lines += text.utf8
      if !columns[column].isRight { lines += padding }
    }
    while lines.count > start, lines.last == UInt8(ascii: " ") { lines.removeLast() }
    lines.append(UInt8(ascii: "\n"))
  }
}
