// SPDX-License-Identifier: BSD-3-Clause

/// What `sluice top` shows, and what the keys that were pressed made of it. It knows neither a
/// terminal nor a socket: readings and keys go in, lines come out.
public struct TopScreen {
  public enum View: Int, CaseIterable, Sendable {
    case overview, queuePairs, stages, queues, ports, events
  }

  /// A line of the screen, and how it is to stand out.
  public struct Line: Equatable, Sendable {
    public enum Style: Sendable {
      case plain, title, heading, selected
    }

    public var text: String
    public var style: Style
  }

  /// How a view's table is arranged.
  struct Arrangement {
    /// Nil for the order in which things come.
    var column: Int?
    var isReversed = false
    var selected = 0
  }

  /// What is being typed, or shown over the view.
  enum Mode: Equatable {
    case watching, filtering, help
    /// One queue pair, from a line on.
    case detail(String, first: Int)
  }

  public private(set) var view = View.overview
  public private(set) var isPaused = false
  /// Whether somebody asked to end.
  public private(set) var isDone = false
  var mode = Mode.watching
  var filter = ""
  var arrangements: [View: Arrangement] = [:]
  /// Nil before the first reading.
  var frame: TopFrame?
  /// Lines of the table that the last screen had room for.
  var pageSize = 10
  /// Where each view's table began on the last screen.
  var scroll: [View: Int] = [:]

  public init() {}

  /// The queue pair that the next reading shall tell all of.
  public var wantedQueuePair: String? {
    if case .detail(let name, _) = mode { name } else { nil }
  }

  /// Takes what was read; nothing while paused.
  public mutating func take(_ reading: TopReading) {
    guard !isPaused || frame == nil else { return }
    // The same moment once more would make all rates nothing.
    if let frame, frame.now.uptime == reading.uptime { return take(detail: reading.detail) }
    frame = TopFrame(reading, after: frame?.now)
  }

  /// Takes what was read of one queue pair, between two readings.
  public mutating func take(detail: TopReading.QueuePair?) { frame?.now.detail = detail }

  public mutating func press(_ key: Key) {
    if key == .interrupt { isDone = true }
    switch mode {
    case .watching: watch(key)
    case .filtering: type(key)
    case .help: mode = .watching
    case .detail(let name, let first): look(key, into: name, from: first)
    }
  }

  private mutating func watch(_ key: Key) {
    switch key {
    case .character("q"): isDone = true
    case .character("p"): isPaused.toggle()
    case .character("?"), .character("h"): mode = .help
    case .character("/"): mode = .filtering
    case .character("s"): sortByNextColumn()
    case .character("r"): arrangement.isReversed.toggle()
    case .tab, .right: turn(by: 1)
    case .left: turn(by: View.allCases.count - 1)
    case .escape: filter = ""
    case .enter: lookIn()
    default: move(key)
    }
  }

  private mutating func type(_ key: Key) {
    switch key {
    case .character(let character): filter.append(character)
    case .backspace: filter = String(filter.dropLast())
    case .enter: mode = .watching
    case .escape, .interrupt:
      filter = ""
      mode = .watching
    default: break
    }
    arrangement.selected = 0
  }

  private mutating func look(_ key: Key, into name: String, from first: Int) {
    switch key {
    case .character("q"), .escape, .enter, .backspace, .left: mode = .watching
    case .character("p"): isPaused.toggle()
    default:
      let last = max(0, (frame?.detailTable.rows.count ?? 0) - pageSize)
      mode = .detail(name, first: Self.moved(first, by: key, page: pageSize, last: last))
    }
  }

  private mutating func turn(by count: Int) {
    view = View(rawValue: (view.rawValue + count) % View.allCases.count) ?? .overview
  }

  var arrangement: Arrangement {
    get { arrangements[view] ?? Arrangement() }
    set { arrangements[view] = newValue }
  }

  /// From the order in which things come through all columns and back to it.
  private mutating func sortByNextColumn() {
    let next = (arrangement.column ?? -1) + 1
    arrangement.column = next < table.titles.count ? next : nil
    arrangement.isReversed = false
  }

  private mutating func lookIn() {
    guard view == .overview || view == .queuePairs else { return }
    let rows = table.rows
    guard arrangement.selected < rows.count else { return }
    mode = .detail(rows[arrangement.selected][0].text, first: 0)
  }

  private mutating func move(_ key: Key) {
    let last = max(0, table.rows.count - 1)
    arrangement.selected = Self.moved(arrangement.selected, by: key, page: pageSize, last: last)
  }

  private static func moved(_ place: Int, by key: Key, page: Int, last: Int) -> Int {
    switch key {
    case .up, .character("k"): max(0, place - 1)
    case .down, .character("j"): min(last, place + 1)
    case .pageUp: max(0, place - page)
    case .pageDown: min(last, place + page)
    case .home: 0
    case .end: last
    default: place
    }
  }

  /// The table that keys work on: filtered and sorted.
  var table: TopTable {
    var table = frame.map { view.table(of: $0) } ?? TopTable("")
    table.keep(named: filter)
    if let column = arrangement.column {
      table.sort(by: column, reversed: arrangement.isReversed)
    } else if arrangement.isReversed {
      table.rows.reverse()
    }
    return table
  }
}

extension TopScreen.View {
  var name: String {
    switch self {
    case .overview: "overview"
    case .queuePairs: "queue pairs"
    case .stages: "stages"
    case .queues: "queues"
    case .ports: "ports"
    case .events: "events"
    }
  }

  func table(of frame: TopFrame) -> TopTable {
    switch self {
    case .overview, .queuePairs: frame.queuePairTable
    case .stages: frame.stageTable
    case .queues: frame.queueTable
    case .ports: frame.portTable
    case .events: frame.eventTable
    }
  }
}
