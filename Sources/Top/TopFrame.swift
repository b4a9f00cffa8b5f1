// SPDX-License-Identifier: BSD-3-Clause
import Presentation
import Telemetry

/// Two moments of a run, and what happened between them; where there is but one, since the run
/// began.
public struct TopFrame: Sendable {
  public internal(set) var now: TopReading
  let before: TopReading?
  /// From the one to the other, by the run's own clock.
  let seconds: Double

  public init(_ now: TopReading, after before: TopReading?) {
    self.now = now
    let elapsed = now.uptime - (before?.uptime ?? 0)
    self.before = elapsed > 0 ? before : nil
    seconds = max(elapsed > 0 ? elapsed : now.uptime, 1e-3)
  }

  /// How much a counter grew in a second; 0 where it began anew.
  func rate(_ now: UInt64, _ before: UInt64?) -> Double {
    let before = before ?? 0
    return now > before ? Double(now - before) / seconds : 0
  }

  func rateCell(_ now: UInt64, _ before: UInt64?) -> TopCell {
    let rate = rate(now, before)
    return .number(rate, TopFrame.short(rate))
  }

  func bitsCell(_ now: UInt64, _ before: UInt64?) -> TopCell {
    let bits = rate(now, before) * 8
    return .number(bits, TopFrame.short(bits))
  }

  /// At most five characters: `0`, `12.3K`, `123M`.
  static func short(_ value: Double) -> String {
    if value > 0, value < 0.95 { return Figure.fraction(value) }
    return String(Figure.scaled(value, "").filter { $0 != " " })
  }
}

extension TopFrame {
  var portTable: TopTable {
    var table = TopTable("PORT", "RX-pps", "RX-b/s", "TX-pps", "TX-b/s", "MISSED/s", "LINK")
    for port in now.ports {
      let old = before?.ports.first { $0.name == port.name }
      table.add(
        port.name, rateCell(port.receivedPackets, old?.receivedPackets),
        bitsCell(port.receivedBytes, old?.receivedBytes),
        rateCell(port.sentPackets, old?.sentPackets), bitsCell(port.sentBytes, old?.sentBytes),
        rateCell(port.missedPackets, old?.missedPackets), .text(port.link ?? "-"))
    }
    return table
  }

  var stageTable: TopTable {
    var table = TopTable("STAGE", "PACKETS/s", "DROPS/s", "CYCLES", "PACKETS", "DROPPED")
    for (index, stage) in now.stages.enumerated() {
      let old = earlier(stage, at: index)
      let cycles = cycles(stage, old)
      table.add(
        stage.name, rateCell(stage.packets, old?.packets), rateCell(stage.dropped, old?.dropped),
        .number(cycles ?? -1, cycles.map { Figure.fraction($0) } ?? "-"),
        .number(Double(stage.packets), Figure.count(stage.packets)),
        .number(Double(stage.dropped), Figure.count(stage.dropped)))
    }
    return table
  }

  /// Stages do not change while a run goes on.
  private func earlier(_ stage: TopReading.Stage, at index: Int) -> TopReading.Stage? {
    guard let old = before?.stages, index < old.count, old[index].name == stage.name else {
      return nil
    }
    return old[index]
  }

  /// Cycles per packet; nil where no burst was timed meanwhile.
  private func cycles(_ stage: TopReading.Stage, _ old: TopReading.Stage?) -> Double? {
    let packets = stage.timedPackets &- (old?.timedPackets ?? 0)
    let cycles = stage.timedCycles &- (old?.timedCycles ?? 0)
    return packets > 0 ? Double(cycles) / Double(packets) : nil
  }

  /// The figures of the stages `queue`.
  var queueTable: TopTable {
    var table = TopTable("QUEUE", "VALUE", "PER SECOND")
    for (index, stage) in now.stages.enumerated() where stage.type == "queue" {
      let old = earlier(stage, at: index)
      for figure in stage.figures {
        let before = old?.figures.first { $0.name == figure.name }?.value
        table.add(
          "\(stage.name): \(figure.name)",
          .number(Double(figure.value), Figure.count(figure.value)),
          rateCell(figure.value, before))
      }
    }
    return table
  }

  var queuePairTable: TopTable {
    var table = TopTable(
      "QUEUE PAIR", "b/s", "PACKETS/s", "CE/s", "CNP/s", "RESENT/s", "LOST/s", "RTT-us")
    let old = Dictionary((before?.queuePairs ?? []).map { ($0.name, $0.values) }) { $1 }
    for queuePair in now.queuePairs {
      let (new, old) = (queuePair.values, old[queuePair.name])
      let rate = { (metric: Metric) in rateCell(new[metric], old?[metric]) }
      table.add(
        queuePair.name, bitsCell(new[.bytes], old?[.bytes]), rate(.packets), rate(.ceMarked),
        rate(.notifications), rate(.retransmitted), rate(.lost), roundTrip(new, old))
    }
    return table
  }

  /// The mean of those that were measured meanwhile, or else of all.
  private func roundTrip(_ new: MetricValues, _ old: MetricValues?) -> TopCell {
    var count = new[.roundTrips]
    var time = new[.roundTripTime]
    if let old, count > old[.roundTrips] {
      count &-= old[.roundTrips]
      time &-= old[.roundTripTime]
    }
    guard count > 0 else { return .number(-1, "-") }
    let microseconds = Double(time) / Double(count) / 1000
    return .number(microseconds, Figure.fraction(microseconds))
  }

  var eventTable: TopTable {
    var table = TopTable("EVENT", "STATE", "FOR", "TIMES", "QPS", "AT", "EVIDENCE")
    for event in now.events {
      table.add(
        event.kind, .text(event.isOpen ? "open" : "over"),
        .number(Double(event.nanoseconds), Figure.seconds(Double(event.nanoseconds) / 1e9)),
        .number(Double(event.occurrences), Figure.count(event.occurrences)),
        .number(Double(event.queuePairCount), Figure.count(event.queuePairCount)),
        .text(event.places.first ?? "-"),
        .text(event.evidence.map { "\($0.name) \($0.value)" }.joined(separator: ", ")))
    }
    return table
  }

  /// All that is measured of the queue pair that somebody looks into.
  var detailTable: TopTable {
    var table = TopTable("METRIC", "VALUE", "PER SECOND")
    guard let detail = now.detail else { return table }
    let old = before?.detail?.name == detail.name ? before?.detail : nil
    for metric in Metric.allCases {
      let value = detail.values[metric]
      table.add(
        metric.name, .number(Double(value), Figure.count(value)),
        metric.description.isCounter
          ? rateCell(value, old?.values[metric] ?? (old == nil ? value : 0)) : .number(-1, "-"))
    }
    for opcode in detail.opcodes {
      let before = old?.opcodes.first { $0.name == opcode.name }?.packets
      table.add(
        "opcode \(opcode.name)", .number(Double(opcode.packets), Figure.count(opcode.packets)),
        rateCell(opcode.packets, before ?? (old == nil ? opcode.packets : 0)))
    }
    return table
  }
}

extension TopFrame {
  /// `sluice top: FILE, up 12.5 s, 2 workers, 64 queue pairs`.
  var title: String {
    var parts = [now.file, "up \(Self.clock(now.uptime))"]
    parts.append(Figure.counted(Int(clamping: now.workers), "worker"))
    if let count = now.queuePairCount {
      parts.append(Figure.counted(Int(clamping: count), "queue pair"))
    }
    return parts.joined(separator: ", ")
  }

  /// What comes, goes and is dropped in a second, over all ports.
  var totals: String {
    let old = before?.ports ?? []
    let sum = { (ports: [TopReading.Port], path: KeyPath<TopReading.Port, UInt64>) in
      ports.reduce(UInt64(0)) { $0 &+ $1[keyPath: path] }
    }
    let total = { path in Self.short(rate(sum(now.ports, path), sum(old, path))) }
    let bits = { path in Self.short(rate(sum(now.ports, path), sum(old, path)) * 8) }
    return "in \(total(\.receivedPackets))pps \(bits(\.receivedBytes))b/s, "
      + "out \(total(\.sentPackets))pps \(bits(\.sentBytes))b/s, " + drops
  }

  private var drops: String {
    let rates = now.drops.map { drop in
      (drop.reason, rate(drop.packets, before?.drops.first { $0.reason == drop.reason }?.packets))
    }
    let sum = rates.reduce(0) { $0 + $1.1 }
    let worst = rates.max { $0.1 < $1.1 }
    return "dropped \(Self.short(sum))pps"
      + (worst.map { $0.1 > 0 ? " (most: \($0.0))" : "" } ?? "")
  }

  /// `12 s`, `3:07`, `26:03:07`.
  static func clock(_ seconds: Double) -> String {
    let whole = Int(seconds.isFinite ? max(0, min(seconds, 1e12)) : 0)
    guard whole >= 60 else { return "\(whole) s" }
    let two = { (value: Int) in value < 10 ? "0\(value)" : "\(value)" }
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    return hours > 0
      ? "\(hours):\(two(minutes)):\(two(whole % 60))" : "\(minutes):\(two(whole % 60))"
  }
}
