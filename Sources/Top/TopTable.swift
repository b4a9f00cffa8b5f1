// SPDX-License-Identifier: BSD-3-Clause

/// What stands in one place of a table, and by what it is sorted.
enum TopCell {
  case text(String)
  case number(Double, String)

  var text: String {
    switch self {
    case .text(let text), .number(_, let text): text
    }
  }

  /// Whether it comes before another, small ones first.
  func isBefore(_ other: TopCell) -> Bool {
    switch (self, other) {
    case (.number(let mine, _), .number(let theirs, _)): mine < theirs
    case (.text(let mine), .text(let theirs)): mine < theirs
    case (.text, .number): true
    case (.number, .text): false
    }
  }
}

/// Rows under titles. The first column is of names and gets the room that the others leave; others
/// are numbers or short words, and columns that find no room are left out, the last ones first.
struct TopTable {
  var titles: [String]
  var rows: [[TopCell]] = []

  /// The narrowest that names become before columns are left out.
  private static let narrowestName = 12
  private static let gap = 1

  init(_ titles: String...) { self.titles = titles }

  mutating func add(_ name: String, _ cells: TopCell...) { rows.append([.text(name)] + cells) }

  /// Whether a column's texts stand at its left side.
  private func isLeft(_ column: Int) -> Bool {
    guard let first = rows.first, column < first.count else { return column == 0 }
    if case .text = first[column] { return true }
    return false
  }

  mutating func keep(named filter: String) {
    guard !filter.isEmpty else { return }
    let wanted = filter.lowercased()
    rows.removeAll { row in
      !row.contains { cell in
        guard case .text(let text) = cell else { return false }
        return text.lowercased().contains(wanted)
      }
    }
  }

  /// Numbers begin with the largest and names with the first; `reversed` turns that round. Rows
  /// that are equal stay in their order.
  mutating func sort(by column: Int, reversed: Bool) {
    guard column < titles.count else { return }
    let isAscending = isLeft(column) != reversed
    let sorted = rows.enumerated().sorted { left, right in
      let (one, other) = (left.element[column], right.element[column])
      if one.isBefore(other) { return isAscending }
      if other.isBefore(one) { return !isAscending }
      return left.offset < right.offset
    }
    rows = sorted.map(\.element)
  }

  /// The titles and as many rows as there is room for, from `first` on.
  func lines(width: Int, rows count: Int, from first: Int = 0, sortedBy: Int? = nil) -> [String] {
    let shown = rows.dropFirst(first).prefix(max(0, count))
    let marked = titles.enumerated().map { $0.offset == sortedBy ? "*" + $0.element : $0.element }
    let widths = columnWidths(marked, width)
    let texts = [marked] + shown.map { $0.map(\.text) }
    return texts.map { line($0, widths) }
  }

  /// By all rows, so that columns stand still while one scrolls.
  private func columnWidths(_ titles: [String], _ width: Int) -> [Int] {
    let wanted = titles.indices.map { column in
      rows.reduce(titles[column].count) { max($0, $1[column].text.count) }
    }
    var widths = Array(wanted.dropFirst())
    let room = { (widths: [Int]) in width - widths.reduce(0) { $0 + $1 + Self.gap } }
    while !widths.isEmpty, room(widths) < min(wanted[0], Self.narrowestName) {
      widths.removeLast()
    }
    return [max(0, min(room(widths), width))] + widths
  }

  private func line(_ texts: [String], _ widths: [Int]) -> String {
    var line = ""
    for (column, width) in widths.enumerated() {
      let text = texts[column].fitted(to: width)
      let padding = String(repeating: " ", count: width - text.count)
      line += (column == 0 ? "" : String(repeating: " ", count: Self.gap))
      line += isLeft(column) ? text + padding : padding + text
    }
    return line
  }
}

extension String {
  /// Cut to so many characters, with `~` for what is missing. What is no printable ASCII could move
  /// the cursor, or be as wide as two.
  func fitted(to width: Int) -> String {
    let plain = String(String.UnicodeScalarView(unicodeScalars.map { " "..."~" ~= $0 ? $0 : "?" }))
    guard plain.count > width else { return plain }
    return width > 0 ? String(plain.prefix(width - 1)) + "~" : ""
  }
}
