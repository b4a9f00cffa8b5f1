// SPDX-License-Identifier: BSD-3-Clause
import Presentation
import Telemetry

extension HealthReport {
  /// The report for people, in lines of a hundred columns where names leave room.
  public var text: String {
    let sections = [
      [verdict], origin, eventLines, totalLines, queuePairLines, receiverLines,
      distributionLines, addressPairLines, limitationLines,
    ]
    return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
      .joined(separator: "\n\n") + "\n"
  }

  private var origin: [String] {
    let files =
      captures.count == 1
      ? captures[0] : Figure.counted(captures.count, "capture")
    let time = seconds.map { ", \(Figure.seconds($0)) long" } ?? ""
    let end = interrupted ? "; ended by a signal, so not all was read" : ""
    return Paragraph.lines(
      "\(files): \(Figure.counted(packets, "packet")), \(Figure.bytes(bytes))\(time)\(end)")
  }

  private var eventLines: [String] {
    guard !telemetry.events.isEmpty else { return [] }
    let lines = telemetry.events.sorted { $0.start < $1.start }.flatMap(lines)
    let forgotten = telemetry.forgottenEvents
    return ["problems"] + lines
      + (forgotten > 0 ? ["  and \(Figure.count(forgotten)) earlier ones"] : [])
  }

  private func lines(_ event: TelemetryEvent) -> [String] {
    let start = Figure.seconds(seconds(at: event.start))
    let times = event.occurrences > 1 ? ", seen \(Figure.count(event.occurrences)) times" : ""
    let goesOn = event.isOpen ? ", to the end" : ""
    let head = "\(event.kind.name) at \(start), for \(Figure.seconds(event.duration))"
    return ["  \(head)\(goesOn)\(times)"]
      + Paragraph.lines(event.kind.meaning, first: "      ", indent: 6)
      + Paragraph.lines(event.evidenceText, first: "      ", indent: 6)
      + Paragraph.lines(event.place, first: "      ", indent: 6)
  }

  /// Only what is not 0.
  private var totalLines: [String] {
    let groups = MetricGroup.allCases.map { group in
      (group, group.metrics.filter { telemetry.totals[$0] > 0 })
    }
    var table = TextTable([.left, .right])
    for (group, metrics) in groups where !metrics.isEmpty {
      table.add(group.rawValue)
      for metric in metrics {
        table.add("  " + metric.name, metric.description.unit.text(telemetry.totals[metric]))
      }
    }
    return table.lines()
  }

  private var queuePairLines: [String] {
    let pairs = telemetry.queuePairs.prefix(shownQueuePairs)
    guard !pairs.isEmpty else { return [] }
    var table = TextTable(Array(repeating: .right, count: 8) + [.left])
    table.add("packets", "bytes", "bit/s", "messages", "lost", "again", "CE", "CNPs", "to")
    for pair in pairs {
      let values = pair.values
      let again = values[.retransmitted] &+ values[.recovered]
      table.add(
        Self.short(values[.packets]), Self.short(values[.bytes]),
        Self.short(pair.bitsPerSecond),
        Self.short(values[.messages]), Self.short(values[.lost]), Self.short(again),
        Self.short(values[.ceMarked]), Self.short(values[.notifications]), "\(pair.name)")
    }
    return ["queue pairs with most bytes"] + table.lines(indent: 2)
      + rest(of: queuePairCount, shown: pairs.count)
  }

  private func rest(of count: UInt64, shown: Int) -> [String] {
    count > UInt64(shown) ? ["  and \(Figure.count(count - UInt64(shown))) more"] : []
  }

  /// A count of four characters or so, a dash for none.
  private static func short(_ value: UInt64) -> String {
    value == 0 ? "-" : short(Double(value))
  }

  /// `1.2K`: the space between a number and its unit is for a unit.
  private static func short(_ value: Double) -> String {
    value == 0 ? "-" : Figure.scaled(value, "").filter { $0 != " " }
  }

  private var receiverLines: [String] {
    let receivers = telemetry.receivers.sorted { $0.mostBytes > $1.mostBytes }.prefix(10)
    guard !receivers.isEmpty else { return [] }
    var table = TextTable([.right, .right, .right, .right, .left])
    table.add("senders at once", "at", "bytes in a bin", "at", "receiver")
    for receiver in receivers {
      table.add(
        Figure.count(receiver.mostSenders), Figure.seconds(seconds(at: receiver.mostSendersAt)),
        Figure.bytes(receiver.mostBytes), Figure.seconds(seconds(at: receiver.mostBytesAt)),
        receiver.address)
    }
    return ["receivers, with what was most"] + table.lines(indent: 2)
      + rest(of: UInt64(telemetry.receivers.count), shown: receivers.count)
  }

  private var distributionLines: [String] {
    let distributions = telemetry.distributions.filter { $0.histogram.count > 0 }
    guard !distributions.isEmpty else { return [] }
    var table = TextTable([.left] + Array(repeating: .right, count: 6))
    table.add("distributions", "count", "mean", "p50", "p99", "p99.9", "max")
    for distribution in distributions {
      let (unit, histogram) = (distribution.kind.unit, distribution.histogram)
      table.add(
        "  " + distribution.kind.label, Figure.count(histogram.count), unit.text(histogram.mean),
        unit.text(histogram.quantile(0.5)), unit.text(histogram.quantile(0.99)),
        unit.text(histogram.quantile(0.999)), unit.text(histogram.maximum))
    }
    return table.lines()
  }

  private var addressPairLines: [String] {
    let pairs = addressPairs.prefix(10)
    guard !pairs.isEmpty else { return [] }
    var table = TextTable([.right, .right, .left])
    table.add("bytes", "too many by", "from > to")
    for pair in pairs {
      table.add(
        Figure.bytes(pair.bytes), pair.error == 0 ? "-" : Figure.bytes(pair.error),
        "\(pair.source) > \(pair.destination)")
    }
    return ["who sends most to whom"] + table.lines(indent: 2)
  }

  private var limitationLines: [String] {
    guard !limitations.isEmpty else { return [] }
    return ["what limits this report"]
      + limitations.flatMap { Paragraph.lines($0, first: "  - ", indent: 4) }
  }
}

extension HealthReport {
  /// Most first; where nobody counted them, by the queue pairs in the list.
  var addressPairs: [AddressPair] {
    guard telemetry.addressPairs.isEmpty else { return telemetry.addressPairs }
    var pairs: [String: AddressPair] = [:]
    for pair in telemetry.queuePairs {
      let (source, destination) = (pair.name.source, pair.name.destination)
      pairs[
        "\(source)>\(destination)",
        default: AddressPair(source: source, destination: destination, bytes: 0, error: 0)
      ].bytes &+= pair.values[.bytes]
    }
    return pairs.values.sorted {
      ($1.bytes, $0.source, $0.destination) < ($0.bytes, $1.source, $1.destination)
    }
  }
}
