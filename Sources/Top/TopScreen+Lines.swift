// SPDX-License-Identifier: BSD-3-Clause

extension TopScreen {
  /// The whole screen: `height` lines of at most `width` characters of printable ASCII.
  public mutating func lines(width: Int, height: Int) -> [Line] {
    let (width, height) = (max(1, width), max(1, height))
    var lines = head(width)
    let room = max(0, height - lines.count - 1)
    lines += Array(body(width, room).prefix(room))
    lines = Array(lines.prefix(height - 1))
    while lines.count < height - 1 { lines.append(Line("", .plain)) }
    lines.append(Line(foot, .title))
    return lines.map { Line($0.text.fitted(to: width), $0.style) }
  }

  /// What is printed once, without keys: everything, as long as it is.
  public mutating func printed(width: Int) -> [String] {
    guard let frame else { return [] }
    var lines = [frame.title, frame.totals]
    for view in View.allCases where view != .overview {
      let table = view.table(of: frame)
      guard !table.rows.isEmpty else { continue }
      lines += ["", view.name.uppercased() + ":"]
      lines += table.lines(width: width, rows: table.rows.count)
    }
    return lines.map { line in
      var line = line.fitted(to: width)
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  private func head(_ width: Int) -> [Line] {
    guard let frame else { return [Line("waiting for the first answer", .title)] }
    let state = isPaused ? "PAUSED" : title
    let room = width - state.count - 1
    let name = frame.title.fitted(to: max(0, room))
    let gap = String(repeating: " ", count: max(1, width - name.count - state.count))
    return [Line(name + gap + state, .title), Line(frame.totals, .plain)]
  }

  private var title: String {
    if case .detail = mode { return "queue pair" }
    return view.name
  }

  private var foot: String {
    switch mode {
    case .filtering: "/\(filter)_   Enter keeps it, Esc shows all"
    case .help: "any key goes back"
    case .detail: "Esc back  arrows scroll  p pause  Ctrl-C quit"
    case .watching:
      (filter.isEmpty ? "" : "[/\(filter)] ")
        + "q quit  Tab view  s sort  r reverse  / filter  Enter look  p pause  ? help"
    }
  }

  private mutating func body(_ width: Int, _ room: Int) -> [Line] {
    guard let frame else { return [] }
    switch mode {
    case .help: return Self.help.map { Line($0, .plain) }
    case .detail(let name, let first): return detail(frame, name, first, width, room)
    case .watching, .filtering:
      return view == .overview ? overview(frame, width, room) : main(table, width, room)
    }
  }

  /// Ports and stages at the top, events below them, and queue pairs in the room that is left.
  private mutating func overview(_ frame: TopFrame, _ width: Int, _ room: Int) -> [Line] {
    var lines: [Line] = []
    let events = frame.eventTable
    let parts = [
      (frame.portTable, room / 5), (frame.stageTable, room / 3), (events, room / 6),
    ]
    for (table, most) in parts where !table.rows.isEmpty && most > 1 {
      lines += Self.section(table, width, rows: most - 1)
    }
    let pairs = table
    guard !pairs.rows.isEmpty || !filter.isEmpty else { return lines }
    return lines + main(pairs, width, room - lines.count)
  }

  /// A table without a selection; says how much of it there was no room for.
  private static func section(_ table: TopTable, _ width: Int, rows: Int) -> [Line] {
    let isWhole = table.rows.count <= rows
    let texts = table.lines(width: width, rows: isWhole ? rows : rows - 1)
    let more = "  and \(table.rows.count - max(0, rows - 1)) more: Tab"
    return [Line(texts[0], .heading)] + texts.dropFirst().map { Line($0, .plain) }
      + (isWhole ? [] : [Line(more, .plain)])
  }

  /// The table that keys work on.
  private mutating func main(_ table: TopTable, _ width: Int, _ room: Int) -> [Line] {
    guard room > 0 else { return [] }
    pageSize = max(1, room - 1)
    arrangement.selected = min(arrangement.selected, max(0, table.rows.count - 1))
    let selected = arrangement.selected
    var first = min(scroll[view] ?? 0, selected)
    if selected >= first + pageSize { first = selected - pageSize + 1 }
    scroll[view] = first
    let texts = table.lines(
      width: width, rows: room - 1, from: first, sortedBy: arrangement.column)
    let rows = texts.dropFirst().enumerated().map { index, text in
      Line(text, index + first == selected ? .selected : .plain)
    }
    let nothing = table.rows.isEmpty ? [Line(emptiness, .plain)] : []
    return [Line(texts[0], .heading)] + rows + nothing
  }

  private var emptiness: String {
    if !filter.isEmpty { return "nothing here has '\(filter)' in its name" }
    return switch view {
    case .queuePairs, .overview, .events:
      frame?.now.queuePairCount == nil
        ? "the pipeline file has no stage roce-telemetry" : "none so far"
    case .queues: "the pipeline file has no stage queue"
    case .stages, .ports: "none"
    }
  }

  private mutating func detail(
    _ frame: TopFrame, _ name: String, _ first: Int, _ width: Int, _ room: Int
  ) -> [Line] {
    pageSize = max(1, room - 2)
    guard frame.now.detail?.name == name else {
      return [Line("\(name): asked for, or no longer there", .heading)]
    }
    let table = frame.detailTable
    let texts = table.lines(width: width, rows: room - 2, from: first)
    return [Line(name, .heading), Line(texts[0], .heading)]
      + texts.dropFirst().map { Line($0, .plain) }
  }

  private static let help = [
    "",
    "  Tab, left, right   next view: overview, queue pairs, stages, queues, ports,",
    "                     events",
    "  up, down, PgUp...  choose a line",
    "  Enter              look into the chosen queue pair; Esc goes back",
    "  s                  sort by the next column, whose title gets a *",
    "  r                  turn the order round",
    "  /                  show only lines with a text; Esc shows all again",
    "  p                  pause, or go on",
    "  q, Ctrl-C          quit",
    "",
    "  Rates are those of the last interval. CE/s: packets marked CE; CNP/s: congestion",
    "  notifications; RESENT/s: what senders sent again; LOST/s: what did not come in",
    "  time; RTT-us: mean round trip; CYCLES: those of a packet in the stage.",
  ]
}

extension TopScreen.Line {
  init(_ text: String, _ style: Style) {
    self.text = text
    self.style = style
  }
}
