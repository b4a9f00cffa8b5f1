// SPDX-License-Identifier: BSD-3-Clause
import Telemetry
import Wire

extension TelemetrySnapshot {
  func add(to text: inout Exposition, queuePairs limit: Int) {
    for metric in Metric.allCases {
      text.begin(metric, "sluice_roce_")
      text.add(metric, totals[metric])
    }
    addCounts(to: &text)
    addEvents(to: &text)
    for distribution in distributions { distribution.add(to: &text) }
    let shown = queuePairs.prefix(limit)
    for metric in Metric.ofQueuePairs {
      text.begin(metric, "sluice_roce_queue_pair_")
      for pair in shown { text.add(metric, pair.values[metric], pair.name.labels) }
    }
  }

  private func addCounts(to text: inout Exposition) {
    text.begin("sluice_roce_opcode_packets", .counter, "RoCE packets by opcode.")
    for (opcode, packets) in opcodes.present {
      text.add(packets, ["opcode": "\(Opcode(rawValue: opcode))"])
    }
    text.begin("sluice_roce_queue_pairs", .gauge, "Queue pairs in the tables now.")
    text.add(UInt64(queuePairCount))
    text.begin(
      "sluice_roce_ended_queue_pairs", .counter, "Queue pairs that are in the tables no longer.")
    text.add(endedQueuePairs)
    text.begin(
      "sluice_roce_distinct", .gauge, "How many different ones there were, estimated, by what.")
    for count in distinct { text.add(count.estimate, ["what": count.name]) }
    text.begin(
      "sluice_roce_distinct_error_ratio", .gauge,
      "The standard error of these estimates, relative to them.")
    for count in distinct { text.add(count.relativeError, ["what": count.name]) }
    text.begin("sluice_roce_memory_bytes", .gauge, "Memory of what measures, by structure.")
    for (name, bytes) in memory { text.add(UInt64(clamping: bytes), ["structure": name]) }
  }

  private func addEvents(to text: inout Exposition) {
    text.begin("sluice_roce_events", .counter, "Events that began, by kind.")
    for kind in TelemetryEvent.Kind.allCases {
      text.add(begunEvents[Int(kind.rawValue)], ["event": kind.name])
    }
    text.begin("sluice_roce_open_events", .gauge, "Events that may still go on, by kind.")
    for kind in TelemetryEvent.Kind.allCases {
      text.add(
        UInt64(events.count { $0.kind == kind && $0.isOpen }), ["event": kind.name])
    }
    text.begin("sluice_roce_forgotten_events", .counter, "Events that there was no room to keep.")
    text.add(forgottenEvents)
  }
}

extension Metric {
  /// Those that queue pairs have series of: what tells a healthy one from another.
  fileprivate static let ofQueuePairs: [Metric] = [
    .packets, .bytes, .messages, .ceMarked, .notifications, .retransmitted, .lost, .timeouts,
    .sequenceErrors, .receiverNotReady, .roundTrips, .roundTripTime,
  ]
}

extension QueuePairName {
  fileprivate var labels: Exposition.Labels {
    let number = "0x" + String(queuePair, radix: 16)
    guard let tunnel else {
      return ["source": source, "destination": destination, "queue_pair": number]
    }
    return [
      "source": source, "destination": destination, "queue_pair": number, "tunnel": "\(tunnel)",
    ]
  }
}

extension MetricDescription.Unit {
  /// What the base unit of Prometheus is a multiple of.
  fileprivate var scale: Double? { self == .nanoseconds ? 1e9 : nil }
}

extension String {
  /// With times in seconds.
  fileprivate var inBaseUnits: String {
    hasSuffix("_nanoseconds") ? dropLast("nanoseconds".count) + "seconds" : self
  }
}

extension Exposition {
  fileprivate mutating func begin(_ metric: Metric, _ prefix: String) {
    let description = metric.description
    begin(
      prefix + description.name.inBaseUnits, description.isCounter ? .counter : .gauge,
      description.help)
  }

  fileprivate mutating func add(_ metric: Metric, _ value: UInt64, _ labels: Labels = [:]) {
    if let scale = metric.description.unit.scale {
      add(Double(value) / scale, labels)
    } else {
      add(value, labels)
    }
  }
}

extension Distribution {
  /// Powers of two, so that there are few, and always the same.
  private var exponents: ClosedRange<Int> {
    switch kind.unit {
    case .nanoseconds: 10...33
    case .bytes: 6...30
    case .packets, .one: 0...12
    }
  }

  fileprivate func add(to text: inout Exposition) {
    let scale = kind.unit.scale ?? 1
    text.begin("sluice_distribution_\(kind.name.inBaseUnits)", .histogram, kind.help)
    var rest = histogram.buckets[...]
    var count: UInt64 = 0
    let buckets = exponents.map { exponent in
      let limit = UInt64(1) << UInt64(exponent)
      // A bucket that begins at the limit counts for it: sizes are powers of two themselves.
      while let bucket = rest.first, bucket.lowest <= limit {
        count &+= bucket.count
        rest.removeFirst()
      }
      return (Double(limit) / scale, count)
    }
    text.add(buckets: buckets, count: histogram.count, sum: Double(histogram.sum) / scale)
  }
}
