// SPDX-License-Identifier: BSD-3-Clause
import Presentation
import Telemetry

extension HealthReport {
  /// The report as a page of HTML that needs nothing but itself.
  public var page: String {
    let title = captures.count == 1 ? captures[0] : Figure.counted(captures.count, "capture")
    let body = [
      header(title), problemSection, timeSection, sequenceSection, pairSection,
      distributionSection, matrixSection, receiverSection, totalSection, limitationSection,
    ]
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(Markup.escaped(title)): RDMA health</title>
      <style>
      \(PageStyle.sheet)</style>
      </head>
      <body>
      <main>
      \(body.filter { !$0.isEmpty }.joined(separator: "\n"))
      </main>
      </body>
      </html>

      """
  }

  private func header(_ title: String) -> String {
    let totals = telemetry.totals
    let again = totals[.retransmitted] &+ totals[.recovered]
    let naks = totals[.sequenceErrors] &+ totals[.receiverNotReady]
    let roundTrip = telemetry.distributions.first { $0.kind == .roundTrip }?.histogram
    let cards = [
      card(Figure.count(totals[.packets]), "RoCE packets"),
      card(Figure.bytes(totals[.bytes]), "of RoCE"),
      card(Figure.count(queuePairCount), "queue pairs"),
      card(Figure.count(totals[.messages]), "messages"),
      card(Figure.count(totals[.lost]), "packets lost", isBad: totals[.lost] > 0),
      card(Figure.count(again), "sent again", isBad: again > 0),
      card(Figure.count(naks), "sequence and RNR NAKs", isBad: naks > 0),
      card(Figure.count(totals[.ceMarked]), "marked CE"),
      card(Figure.count(totals[.notifications]), "CNPs"),
      card(
        roundTrip.map { Figure.seconds(Double($0.quantile(0.5)) / 1e9) } ?? "-",
        "median round trip"),
    ]
    let time = seconds.map { ", \(Figure.seconds($0)) long" } ?? ""
    let end = interrupted ? "; ended by a signal, so not all was read" : ""
    return """
      <h1>RDMA health of \(Markup.escaped(title))</h1>
      <p class="verdict\(hasAnomalies ? " bad" : "")" id="verdict">\(Markup.escaped(verdict))</p>
      <p class="quiet">\(Markup.escaped(captures.joined(separator: ", "))): \
      \(Figure.counted(packets, "packet")), \(Figure.bytes(bytes))\(time)\(end)</p>
      <div class="cards">\(cards.joined())</div>
      """
  }

  private func card(_ value: String, _ label: String, isBad: Bool = false) -> String {
    "<div class=\"card\(isBad ? " bad" : "")\"><b>\(value)</b><span>\(label)</span></div>"
  }

  private func section(_ title: String, _ parts: [String]) -> String {
    let parts = parts.filter { !$0.isEmpty }
    return parts.isEmpty
      ? "" : "<section>\n<h2>\(title)</h2>\n\(parts.joined(separator: "\n"))\n</section>"
  }

  private var problemSection: String {
    guard !telemetry.events.isEmpty else { return "" }
    let events = telemetry.events.sorted { $0.start < $1.start }
    // A page with more of them than anybody reads would be no page.
    let shown = events.prefix(100).map(problem)
    let rest = anomalyCount - UInt64(shown.count)
    let more = rest > 0 ? "<p class=\"quiet\">and \(Figure.count(rest)) more</p>" : ""
    let line = TimelinePlot(events: events, end: seconds ?? 0, seconds: seconds(at:)).html
    return section("Problems", [line] + shown + [more])
  }

  private func problem(_ event: TelemetryEvent) -> String {
    let start = Figure.seconds(seconds(at: event.start))
    let times = event.occurrences > 1 ? ", seen \(Figure.count(event.occurrences)) times" : ""
    let when = "at \(start), for \(Figure.seconds(event.duration))\(times)"
    return """
      <div class="problem"><b>\(event.kind.name)</b> <span class="quiet">\(when)</span>
      <p>\(Markup.escaped(event.kind.meaning)) (\(Markup.escaped(event.evidenceText)))</p>
      <p class="name">\(Markup.escaped(event.place))</p></div>
      """
  }

  private var timeSection: String {
    guard let series, !series.points.isEmpty, rocePackets > 0 else { return "" }
    let start = seconds(at: series.start)
    // More points than the picture has room for hide each other.
    let width = (series.points.count + LinePlot.points - 1) / LinePlot.points
    let interval = Double(series.interval) / 1e9 * Double(width)
    let pairs = series.queuePairs.sorted { $0.total > $1.total }.prefix(LinePlot.most)
    let rates = pairs.map { pair in
      LinePlot.Line(
        name: "\(pair.name)", values: pair.bytes.sums(of: width).map { $0 * 8 / interval })
    }
    let congestion = [
      ("marked CE", \SeriesPoint.ceMarked), ("CNPs", \.notifications),
      ("sent again", \.sentAgain), ("missing", \.missing),
    ].map { name, path in
      LinePlot.Line(name: name, values: series.points.map { $0[keyPath: path] }.sums(of: width))
    }.filter { line in line.values.contains { $0 > 0 } }
    let each = "in intervals of \(Figure.seconds(interval))"
    return section(
      "Over time",
      [
        "<p class=\"quiet\">bits a second of the busiest queue pairs, \(each)</p>",
        LinePlot(
          label: "rate", unit: "bit/s", lines: Array(rates), interval: interval, start: start
        ).html,
      ]
        + (congestion.isEmpty
          ? []
          : [
            "<p class=\"quiet\">packets of all queue pairs, \(each)</p>",
            LinePlot(
              label: "congestion and losses", unit: "", lines: congestion, interval: interval,
              start: start
            ).html,
          ]))
  }

  /// The queue pairs with most trouble; of healthy traffic the one with most packets.
  private var sequenceSection: String {
    let series = (series?.queuePairs ?? []).filter { $0.sequence.count > 1 }
    let troubled = series.filter { $0.trouble > 0 }
      .sorted { ($1.trouble, $1.total) < ($0.trouble, $0.total) }
    let chosen =
      troubled.isEmpty ? series.sorted { $0.total > $1.total }.prefix(1) : troubled.prefix(4)
    return section(
      "Sequence numbers",
      chosen.map { SequencePlot(series: $0, seconds: seconds(at:)).html })
  }

  private var distributionSection: String {
    let distributions = telemetry.distributions.filter { $0.histogram.count > 0 }
    guard !distributions.isEmpty else { return "" }
    let plots = distributions.map { HistogramPlot(distribution: $0).html }
    return section("Distributions", ["<div class=\"pair\">\(plots.joined())</div>"])
  }

  private var matrixSection: String {
    let pairs = addressPairs
    guard !pairs.isEmpty else { return "" }
    var table = PageTable([("bytes", true), ("too many by", true), ("from", false), ("to", false)])
    for pair in pairs.prefix(shownQueuePairs) {
      table.add([
        Figure.bytes(pair.bytes), pair.error == 0 ? "-" : Figure.bytes(pair.error), pair.source,
        pair.destination,
      ])
    }
    return section("Who sends to whom", [MatrixPlot(pairs: pairs).html, table.html])
  }
}

extension [UInt64] {
  /// Of so many that follow each other, each.
  fileprivate func sums(of width: Int) -> [Double] {
    stride(from: 0, to: count, by: Swift.max(width, 1)).map { place in
      Double(self[place..<Swift.min(place + width, count)].reduce(0, &+))
    }
  }
}

extension QueuePairSeries {
  fileprivate var total: UInt64 { bytes.reduce(0, &+) }
  fileprivate var trouble: Int { sequence.count { $0.kind != .inOrder } }
}
