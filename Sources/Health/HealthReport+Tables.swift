// SPDX-License-Identifier: BSD-3-Clause
import Presentation
import Telemetry

/// A table of the page.
struct PageTable {
  private let columns: [(title: String, isNumber: Bool)]
  private var rows: [String] = []

  init(_ columns: [(String, Bool)]) { self.columns = columns }

  mutating func add(_ cells: [String]) {
    let row = zip(cells, columns).map { cell, column in
      "<td class=\"\(column.isNumber ? "n" : "name")\">\(Markup.escaped(cell))</td>"
    }
    rows.append("<tr>\(row.joined())</tr>")
  }

  var html: String {
    let head = columns.map { "<th\($0.isNumber ? " class=\"n\"" : "")>\($0.title)</th>" }
    return "<div class=\"scroll\"><table><thead><tr>\(head.joined())</tr></thead>\n<tbody>"
      + rows.joined(separator: "\n") + "</tbody></table></div>"
  }
}

extension HealthReport {
  private func section(_ title: String, _ content: String) -> String {
    "<section>\n<h2>\(title)</h2>\n\(content)\n</section>"
  }

  var pairSection: String {
    let pairs = telemetry.queuePairs.prefix(shownQueuePairs)
    guard !pairs.isEmpty else { return "" }
    let titles = ["packets", "bytes", "bit/s", "messages", "lost", "again", "NAKs", "CE", "CNPs"]
    var table = PageTable(titles.map { ($0, true) } + [("to", false)])
    for pair in pairs {
      let values = pair.values
      let again = values[.retransmitted] &+ values[.recovered]
      let naks = values[.sequenceErrors] &+ values[.receiverNotReady]
      table.add(
        [
          Figure.count(values[.packets]), Figure.bytes(values[.bytes]),
          pair.bitsPerSecond > 0 ? Figure.scaled(pair.bitsPerSecond, "") : "-",
        ]
          + [
            values[.messages], values[.lost], again, naks, values[.ceMarked],
            values[.notifications],
          ].map { $0 == 0 ? "-" : Figure.count($0) }
          + ["\(pair.name)"])
    }
    let rest = queuePairCount - min(UInt64(pairs.count), queuePairCount)
    let more = rest > 0 ? "<p class=\"quiet\">and \(Figure.count(rest)) more</p>" : ""
    return section("Queue pairs", table.html + more)
  }

  var receiverSection: String {
    let receivers = telemetry.receivers.sorted { $0.mostBytes > $1.mostBytes }
      .prefix(shownQueuePairs)
    guard !receivers.isEmpty else { return "" }
    var table = PageTable([
      ("senders at once", true), ("at", true), ("bytes in a bin", true), ("at", true),
      ("receiver", false),
    ])
    for receiver in receivers {
      table.add([
        Figure.count(receiver.mostSenders), Figure.seconds(seconds(at: receiver.mostSendersAt)),
        Figure.bytes(receiver.mostBytes), Figure.seconds(seconds(at: receiver.mostBytesAt)),
        receiver.address,
      ])
    }
    return section("Receivers", table.html)
  }

  /// Every metric, with what it counts.
  var totalSection: String {
    let rows = MetricGroup.allCases.flatMap { group in
      ["<tr><th colspan=\"3\">\(group.rawValue)</th></tr>"] + group.metrics.map(row)
    }
    let body = rows.joined(separator: "\n")
    return section(
      "All counters",
      "<div class=\"scroll\"><table><tbody>\n\(body)\n</tbody></table></div>")
  }

  private func row(_ metric: Metric) -> String {
    let value = telemetry.totals[metric]
    let description = metric.description
    let unit =
      switch description.unit {
      case .bytes: " B"
      case .nanoseconds: " ns"
      case .one, .packets: ""
      }
    return "<tr\(value == 0 ? " class=\"zero\"" : "")><td class=\"name\">\(metric.name)</td>"
      + "<td class=\"n\"><span data-metric=\"\(metric.name)\">\(Figure.count(value))</span>\(unit)"
      + "</td><td>\(Self.prose(description.help))</td></tr>"
  }

  /// With what stands between backquotes as code.
  private static func prose(_ text: String) -> String {
    let parts = text.split(separator: "`", omittingEmptySubsequences: false)
    return parts.enumerated().map { place, part in
      let escaped = Markup.escaped(String(part))
      return place % 2 == 0 ? escaped : "<code>\(escaped)</code>"
    }.joined()
  }

  var limitationSection: String {
    let sentences = (problems + limitations).map { "<li>\(Self.prose($0))</li>" }
    let memory = telemetry.memory.map { "\($0.name) \(Figure.bytes(UInt64($0.bytes)))" }
    let room =
      "There was room for \(Figure.count(UInt64(capacity))) queue pairs; memory: "
      + memory.joined(separator: ", ") + "."
    return section(
      "What limits this report",
      "<ul>\(sentences.joined())</ul><p class=\"quiet\">\(Markup.escaped(room))</p>")
  }
}

extension HealthReport {
  /// Of the run itself, for a database.
  public var facts: [(name: String, value: String)] {
    captures.map { ("capture", $0) }
      + [
        ("verdict", verdict), ("packets", "\(packets)"), ("bytes", "\(bytes)"),
        ("link bits per second", "\(rate)"), ("interrupted", "\(interrupted)"),
      ]
      + problems.map { ("problem", $0) } + limitations.map { ("note", $0) }
  }
}
