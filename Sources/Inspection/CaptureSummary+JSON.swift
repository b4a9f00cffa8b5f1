// SPDX-License-Identifier: BSD-3-Clause
public import Presentation

extension CaptureSummary {
  /// The summary for programs.
  public var json: JSON {
    .object(present: [
      ("files", .array(files.map(\.json))),
      ("filter", filter.map { .string($0) }),
      ("succeeded", .boolean(problems.isEmpty)),
      ("interrupted", .boolean(interrupted)),
      ("packets", .count(total.packets)),
      ("bytes", .count(total.bytes)),
      ("capturedBytes", .count(capturedBytes)),
      ("cutPackets", .count(cutPackets)),
      ("longestCaptured", .integer(longestCaptured)),
      ("first", earliest.map { .string(PacketTime.date($0)) }),
      ("last", latest.map { .string(PacketTime.date($0)) }),
      ("seconds", seconds.map { .number($0) }),
      ("backwards", .count(backwards)),
      (
        "protocols",
        .array(protocols.map { $0.json("layers", .array($0.words.map { .string($0) })) })
      ),
      ("opcodes", .array(opcodes.map { $0.json("name", .string($0.words.joined())) })),
      ("rocePackets", .count(rdmaPackets)),
      ("queuePairs", queuePairsJSON),
      ("ecn", Self.object(ecn)),
      ("acks", .count(acks)),
      ("rnrNAKs", .count(notReady)),
      ("naks", Self.object(naks)),
      ("cnps", .count(notifications)),
      ("icrc", icrcJSON),
      ("malformed", Self.object(malformed)),
      ("problems", .array(problems.map { .string($0) })),
      ("notes", .array(notes.map { .string($0) })),
    ])
  }

  private var seconds: Double? {
    guard let earliest, let latest else { return nil }
    return Double(latest - earliest) / 1e9
  }

  private var queuePairsJSON: JSON {
    [
      "count": .integer(queuePairs), "uncountedPackets": .count(uncountedByQueuePair),
      "busiest": .array(busiest.map(\.json)),
    ]
  }

  private var icrcJSON: JSON {
    .object(
      icrc.map { (key: $0.name, value: .count($0.count)) } + [
        (key: "absent", value: .count(withoutICRC)),
        (key: "checked", value: .string(sampling ?? "all")),
      ])
  }

  private static func object(_ counts: [Named]) -> JSON {
    .object(counts.map { (key: $0.name, value: .count($0.count)) })
  }
}

extension CaptureSummary.File {
  fileprivate var json: JSON {
    .object(present: [
      ("path", .string(path)), ("format", format.map { .string($0) }),
      ("linkType", linkType.map { .string($0) }), ("snapLength", .integer(snapLength)),
    ])
  }
}

extension CaptureSummary.Group {
  fileprivate func json(_ key: String, _ name: JSON) -> JSON {
    [key: name, "packets": .count(count.packets), "bytes": .count(count.bytes)]
  }
}

extension CaptureSummary.QueuePair {
  fileprivate var json: JSON {
    [
      "queuePair": .integer(Int(number)), "destination": .string(destination),
      "source": .string(source), "transports": .array(transports.map { .string($0) }),
      "packets": .count(count.packets), "bytes": .count(count.bytes),
      "congested": .count(congested),
    ]
  }
}
