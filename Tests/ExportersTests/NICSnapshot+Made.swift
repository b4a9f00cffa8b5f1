// SPDX-License-Identifier: BSD-3-Clause
import Telemetry

extension NICSnapshot {
  /// Two ports, two stages, and telemetry of so many queue pairs.
  static func made(queuePairs: Int = 2) -> NICSnapshot {
    var snapshot = NICSnapshot(
      file: "Pipelines/telemetry.yaml", nanoseconds: 1_700_000_000_250_000_000, uptime: 12.5,
      workers: 2)
    snapshot.ports = [.made("wire"), .made("host")]
    snapshot.ports[0].receivedPackets = 100
    snapshot.ports[0].receivedBytes = 6400
    snapshot.ports[0].missedPackets = 3
    snapshot.ports[1].sentPackets = 90
    snapshot.ports[1].sentBytes = 5760
    var parse = NICSnapshot.Stage(pipeline: "ingress", label: "parse", stage: "parse")
    parse.packets = 100
    parse.timedCycles = 1200
    parse.timedPackets = 64
    var queue = NICSnapshot.Stage(pipeline: "ingress", label: "egress", stage: "queue")
    queue.packets = 100
    queue.dropped = 10
    queue.figures = [("marked CE", 7), ("most bytes waiting", 4096)]
    snapshot.stages = [parse, queue]
    snapshot.drops = [.init(reason: "queue-full", packets: 10)]
    snapshot.telemetry = .made(queuePairs: queuePairs)
    return snapshot
  }
}

extension NICSnapshot.Port {
  fileprivate static func made(_ name: String) -> Self {
    NICSnapshot.Port(name: name, device: "null:")
  }
}

extension TelemetrySnapshot {
  /// Queue pair 1 has most bytes; each of its packets has 1000.
  static func made(queuePairs count: Int) -> TelemetrySnapshot {
    var made = TelemetrySnapshot()
    (made.start, made.end) = (1_700_000_000_000_000_000, 1_700_000_000_250_000_000)
    made.queuePairCount = count
    for number in 0..<count {
      let pair = QueuePairMeasurement.made(number + 1, packets: UInt64(count - number) * 10)
      made.totals.merge(pair.values)
      made.opcodes.merge(pair.opcodes)
      made.queuePairs.append(pair)
    }
    var sizes = HistogramSnapshot(relativeError: 0.01)
    sizes.buckets = [
      .init(lowest: 64, highest: 64, count: 5), .init(lowest: 1000, highest: 1007, count: 10),
      .init(lowest: 4096, highest: 4127, count: 1),
    ]
    (sizes.count, sizes.sum, sizes.minimum, sizes.maximum) = (16, 14_416, 64, 4096)
    var roundTrips = HistogramSnapshot(relativeError: 0.01)
    roundTrips.buckets = [.init(lowest: 10_000, highest: 10_100, count: 4)]
    (roundTrips.count, roundTrips.sum) = (4, 40_000)
    (roundTrips.minimum, roundTrips.maximum) = (10_000, 10_000)
    made.distributions = [.init(.messageSize, sizes), .init(.roundTrip, roundTrips)]
    made.distinct = [.init(name: "queue pairs", estimate: 2.1, relativeError: 0.02)]
    made.events = [.made(.goBackNStorm, isOpen: true), .made(.incast, isOpen: false)]
    made.begunEvents[Int(TelemetryEvent.Kind.goBackNStorm.rawValue)] = 2
    made.memory = [("queue pairs", 65_536), ("histograms", 4096)]
    return made
  }
}

extension QueuePairMeasurement {
  fileprivate static func made(_ number: Int, packets: UInt64) -> Self {
    let name = QueuePairName(
      source: "10.0.0.\(number)", destination: "10.0.1.1", queuePair: UInt32(number))
    var made = QueuePairMeasurement(
      name: name, firstSeen: 1_700_000_000_000_000_000, lastSeen: 1_700_000_000_200_000_000)
    made.values[.packets] = packets
    made.values[.bytes] = packets * 1000
    made.values[.ceMarked] = packets / 5
    made.values[.notifications] = 2
    made.values[.retransmitted] = 3
    made.values[.lost] = 1
    made.values[.roundTrips] = 4
    made.values[.roundTripTime] = 40_000
    made.opcodes[0x0a] = packets
    return made
  }
}

extension TelemetryEvent {
  fileprivate static func made(_ kind: Kind, isOpen: Bool) -> TelemetryEvent {
    var event = TelemetryEvent(
      kind: kind, start: 1_700_000_000_100_000_000, end: 1_700_000_000_200_000_000)
    event.isOpen = isOpen
    event.occurrences = 4
    event.queuePairs = [
      QueuePairName(source: "10.0.0.1", destination: "10.0.1.1", queuePair: 1)
    ]
    event.queuePairCount = 1
    event.evidence = [.init("retransmitted packets", 30)]
    return event
  }
}
