// SPDX-License-Identifier: BSD-3-Clause
import Settings

/// Reads a table with commas (RFC 4180) as a list of mappings: the first line has the keys. An
/// empty cell gives no value; a key `set.ip.dscp` is the key `ip.dscp` in the mapping `set`; lines
/// that begin with `#` are comments.
struct CSVReader {
  private let source: SourceText
  private let log: DiagnosticLog
  private var header: [Column] = []
  private var items: [YAMLNode] = []
  private var cellCount = 0

  private struct Column {
    let outer: String
    let inner: String?
    let location: SourceLocation
  }

  private struct Cell {
    var text: String
    var column: Int
    var length: Int
  }

  static func read(_ source: SourceText, _ log: DiagnosticLog) -> [YAMLNode] {
    var reader = CSVReader(source: source, log: log)
    reader.readLines()
    return reader.items
  }

  private init(source: SourceText, log: DiagnosticLog) {
    self.source = source
    self.log = log
  }

  private mutating func readLines() {
    for number in 1...max(source.lineCount, 1) {
      guard let line = source.line(number), let first = line.first(where: { $0 != " " }),
        first != "#"
      else { continue }
      guard let cells = cells(of: line, number) else { continue }
      if header.isEmpty { readHeader(cells, number) } else { readItem(cells, number) }
      guard cellCount <= YAMLReader.mostNodes else {
        log.error(
          at: place(of: cells[0], number),
          "more than \(YAMLReader.mostNodes) values in one file")
        return
      }
    }
    if header.isEmpty {
      log.error(
        at: SourceLocation(source: source, line: 1, column: 1, length: 1),
        "the file is empty", fix: "begin it with a line of keys, such as 'match,class'")
    }
  }

  private mutating func readHeader(_ cells: [Cell], _ number: Int) {
    var seen: Set<String> = []
    header = cells.map { cell in
      let place = place(of: cell, number)
      if cell.text.isEmpty { log.error(at: place, "a column without a key") }
      if !seen.insert(cell.text).inserted {
        log.error(at: place, "'\(cell.text.shortened)' is given twice")
      }
      let parts = cell.text.split(separator: ".", maxSplits: 1).map(String.init)
      return Column(
        outer: parts.first ?? "", inner: parts.count > 1 ? parts[1] : nil, location: place)
    }
  }

  private mutating func readItem(_ cells: [Cell], _ number: Int) {
    if cells.count > header.count {
      log.error(
        at: place(of: cells[header.count], number),
        "\(cells.count) cells, and the first line has \(header.count) keys",
        fix: "put a cell with a comma in it in double quotes")
      return
    }
    var entries: [YAMLEntry] = []
    for (column, cell) in zip(header, cells) where !cell.text.isEmpty {
      let scalar = YAMLScalar(text: cell.text, isPlain: true, isVerbatim: false)
      let place = place(of: cell, number)
      let value = YAMLNode(content: .scalar(scalar), location: place)
      cellCount += 1
      add(value, to: column, in: &entries)
    }
    guard !entries.isEmpty else { return }
    items.append(
      YAMLNode(
        content: .mapping(entries),
        location: SourceLocation(source: source, line: number, column: 1, length: 1)))
  }

  private func add(_ value: YAMLNode, to column: Column, in entries: inout [YAMLEntry]) {
    guard let inner = column.inner else {
      entries.append(YAMLEntry(key: column.outer, keyLocation: value.location, value: value))
      return
    }
    let entry = YAMLEntry(key: inner, keyLocation: value.location, value: value)
    if let index = entries.firstIndex(where: { $0.key == column.outer }),
      case .mapping(let old) = entries[index].value.content
    {
      entries[index].value.content = .mapping(old + [entry])
    } else {
      entries.append(
        YAMLEntry(
          key: column.outer, keyLocation: value.location,
          value: YAMLNode(content: .mapping([entry]), location: value.location)))
    }
  }

  /// Nil after a complaint.
  private func cells(of line: Substring, _ number: Int) -> [Cell]? {
    var cells: [Cell] = []
    var rest = line.unicodeScalars[...]
    var column = 1
    while true {
      let before = rest.count
      let start = column + rest.prefix { $0 == " " }.count
      rest = rest.drop { $0 == " " }
      guard let text = cell(&rest) else {
        log.error(
          at: SourceLocation(source: source, line: number, column: start, length: 1),
          "a quote is never closed", fix: "write \"\" for a quote within quotes")
        return nil
      }
      let width = before - rest.count
      cells.append(Cell(text: text, column: start, length: max(1, column + width - start)))
      guard rest.first == "," else { break }
      rest = rest.dropFirst()
      column += width + 1
    }
    guard rest.isEmpty else {
      let column = line.unicodeScalars.count - rest.count + 1
      log.error(
        at: SourceLocation(source: source, line: number, column: column, length: 1),
        "something follows a closing quote", fix: "put a comma after the quote")
      return nil
    }
    return cells
  }

  /// The next cell, up to a comma or the end; nil where its quote is never closed.
  private func cell(_ rest: inout Substring.UnicodeScalarView) -> String? {
    var text = String.UnicodeScalarView()
    guard rest.first == "\"" else {
      text.append(contentsOf: rest.prefix { $0 != "," })
      rest = rest.drop { $0 != "," }
      while text.last == " " { text.removeLast() }
      return String(text)
    }
    rest = rest.dropFirst()
    while let next = rest.first {
      rest = rest.dropFirst()
      if next != "\"" {
        text.append(next)
      } else if rest.first == "\"" {
        text.append(next)
        rest = rest.dropFirst()
      } else {
        rest = rest.drop { $0 == " " }
        return String(text)
      }
    }
    return nil
  }

  private func place(of cell: Cell, _ number: Int) -> SourceLocation {
    SourceLocation(source: source, line: number, column: cell.column, length: cell.length)
  }
}
