// SPDX-License-Identifier: BSD-3-Clause
public import Presentation
public import Telemetry
import Wire

extension TelemetrySnapshot {
  public func json(queuePairs limit: Int) -> JSON {
    .object([
      ("start", .count(start)), ("end", .count(end)),
      ("totals", .object(Metric.allCases.map { ($0.name, .count(totals[$0])) })),
      ("opcodes", opcodes.json),
      ("queuePairCount", .integer(queuePairCount)),
      ("endedQueuePairs", .count(endedQueuePairs)),
      ("queuePairs", .array(queuePairs.prefix(limit).map(\.json))),
      ("distributions", .array(distributions.map(\.json))),
      ("addressPairs", .array(addressPairs.map(\.json))),
      ("receivers", .array(receivers.map(\.json))),
      ("distinct", .array(distinct.map(\.json))),
      ("events", .array(events.map(\.json))),
      ("forgottenEvents", .count(forgottenEvents)),
      ("memory", .object(memory.map { ($0.name, .integer($0.bytes)) })),
      ("gaps", .array(gaps.map { .string($0) })),
    ])
  }
}

extension OpcodeCounts {
  fileprivate var json: JSON {
    .object(present.map { ("\(Opcode(rawValue: $0.opcode))", .count($0.packets)) })
  }
}

extension QueuePairMeasurement {
  /// Metrics that are 0 are left out: most of them are.
  fileprivate var json: JSON {
    let metrics = Metric.allCases.filter { values[$0] != 0 }
    return .object(present: [
      ("source", .string(name.source)),
      ("destination", .string(name.destination)),
      ("queuePair", .integer(Int(name.queuePair))),
      ("tunnel", name.tunnel.map { .integer(Int($0)) }),
      ("peer", peer.map { .string("\($0)") }),
      ("firstSeen", .count(firstSeen)),
      ("lastSeen", .count(lastSeen)),
      ("metrics", .object(metrics.map { ($0.name, .count(values[$0])) })),
      ("opcodes", opcodes.json),
    ])
  }
}

extension Distribution {
  fileprivate var json: JSON {
    [
      "name": .string(kind.name), "count": .count(histogram.count), "sum": .count(histogram.sum),
      "minimum": .count(histogram.minimum), "maximum": .count(histogram.maximum),
      "relativeError": .number(histogram.relativeError),
      "buckets": .array(
        histogram.buckets.map { [.count($0.lowest), .count($0.highest), .count($0.count)] }),
    ]
  }
}

extension AddressPair {
  fileprivate var json: JSON {
    [
      "source": .string(source), "destination": .string(destination), "bytes": .count(bytes),
      "error": .count(error),
    ]
  }
}

extension ReceiverMeasurement {
  fileprivate var json: JSON {
    [
      "address": .string(address), "mostSenders": .count(mostSenders),
      "mostSendersAt": .count(mostSendersAt), "mostBytes": .count(mostBytes),
      "mostBytesAt": .count(mostBytesAt),
    ]
  }
}

extension DistinctMeasurement {
  fileprivate var json: JSON {
    [
      "name": .string(name), "estimate": .number(estimate),
      "relativeError": .number(relativeError),
    ]
  }
}

extension TelemetryEvent {
  fileprivate var json: JSON {
    .object(present: [
      ("kind", .string(kind.name)),
      ("start", .count(start)),
      ("end", .count(end)),
      ("isOpen", .boolean(isOpen)),
      ("occurrences", .count(occurrences)),
      ("queuePairs", .array(queuePairs.map { .string("\($0)") })),
      ("queuePairCount", .count(queuePairCount)),
      ("address", address.map { .string($0) }),
      ("evidence", .object(evidence.map { ($0.name, .count($0.value)) })),
    ])
  }
}
