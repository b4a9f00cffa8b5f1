// SPDX-License-Identifier: BSD-3-Clause
import DPDK
import Telemetry
import Wire

extension TelemetryRecord {
  init(run snapshot: NICSnapshot) {
    self.init()
    add("file", snapshot.file)
    add("nanoseconds", snapshot.nanoseconds)
    add("uptime_milliseconds", UInt64(max(0, snapshot.uptime) * 1000))
    add("workers", snapshot.workers)
    add("ports", snapshot.ports.count)
    add("stages", snapshot.stages.count)
    if let telemetry = snapshot.telemetry {
      add("queue_pairs", telemetry.queuePairCount)
      add("ended_queue_pairs", telemetry.endedQueuePairs)
      add("events", telemetry.events.count)
    }
  }

  init(_ port: NICSnapshot.Port) {
    self.init()
    add("name", port.name)
    add("device", port.device)
    if let link = port.link { add("link", link) }
    add("received_packets", port.receivedPackets)
    add("received_bytes", port.receivedBytes)
    add("sent_packets", port.sentPackets)
    add("sent_bytes", port.sentBytes)
    if let missed = port.missedPackets { add("missed_packets", missed) }
  }

  /// A stage with more, such as one of many rules, shows the first ones: a page has room for them.
  private static let mostFigures = 64

  init(_ stage: NICSnapshot.Stage) {
    self.init()
    add("pipeline", stage.pipeline)
    add("label", stage.label)
    add("stage", stage.stage)
    add("packets", stage.packets)
    add("dropped", stage.dropped)
    add("timed_packets", stage.timedPackets)
    add("timed_cycles", stage.timedCycles)
    guard !stage.figures.isEmpty else { return }
    var figures = TelemetryRecord()
    for figure in stage.figures.prefix(Self.mostFigures) { figures.add(figure.name, figure.value) }
    add("figures", figures)
  }

  init(_ drop: NICSnapshot.Drop) {
    self.init()
    add("reason", drop.reason)
    add("packets", drop.packets)
  }

  init(totals telemetry: TelemetrySnapshot) {
    self.init()
    for metric in Metric.allCases { add(metric.name, telemetry.totals[metric]) }
    addOpcodes(telemetry.opcodes)
  }

  /// - Parameter isWhole: whether metrics that are 0, and opcodes, are there too.
  init(_ queuePair: QueuePairMeasurement, isWhole: Bool) {
    self.init()
    add("name", queuePair.name.description)
    add("source", queuePair.name.source)
    add("destination", queuePair.name.destination)
    add("queue_pair", UInt64(queuePair.name.queuePair))
    if let tunnel = queuePair.name.tunnel { add("tunnel", UInt64(tunnel)) }
    if let peer = queuePair.peer { add("peer", peer.description) }
    add("first_seen", queuePair.firstSeen)
    add("last_seen", queuePair.lastSeen)
    for metric in Metric.allCases where isWhole || queuePair.values[metric] > 0 {
      add(metric.name, queuePair.values[metric])
    }
    if isWhole { addOpcodes(queuePair.opcodes) }
  }

  private mutating func addOpcodes(_ counts: OpcodeCounts) {
    var opcodes = TelemetryRecord()
    for (opcode, packets) in counts.present {
      opcodes.add(Opcode(rawValue: opcode).description, packets)
    }
    add("opcodes", opcodes)
  }

  /// Of the queue pairs that the event names, so many.
  private static let namedQueuePairs = 8

  init(_ event: TelemetryEvent) {
    self.init()
    add("kind", event.kind.name)
    add("meaning", event.kind.meaning)
    add("start", event.start)
    add("end", event.end)
    add("open", event.isOpen ? 1 : 0)
    add("occurrences", event.occurrences)
    add("queue_pair_count", event.queuePairCount)
    var queuePairs = TelemetryRecord()
    for (index, name) in event.queuePairs.prefix(Self.namedQueuePairs).enumerated() {
      queuePairs.add("\(index)", name.description)
    }
    add("queue_pairs", queuePairs)
    if let address = event.address { add("address", address) }
    var evidence = TelemetryRecord()
    for fact in event.evidence { evidence.add(fact.name, fact.value) }
    add("evidence", evidence)
  }

  init(_ distribution: Distribution) {
    self.init()
    let histogram = distribution.histogram
    add("name", distribution.kind.name)
    add("count", histogram.count)
    add("sum", histogram.sum)
    add("minimum", histogram.minimum)
    for (name, share) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p999", 0.999)] {
      add(name, histogram.quantile(share))
    }
    add("maximum", histogram.maximum)
    add("relative_error_per_million", UInt64(histogram.relativeError * 1e6))
  }
}
