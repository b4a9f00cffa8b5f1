// SPDX-License-Identifier: BSD-3-Clause
import Presentation
import Telemetry

extension NICSnapshot {
  /// Everything, of so many queue pairs at most.
  func json(queuePairs: Int) -> JSON {
    .object(present: [
      ("nanoseconds", .count(nanoseconds)),
      ("uptime", .number(uptime)),
      ("file", .string(file)),
      ("workers", .integer(workers)),
      ("ports", .array(ports.map(\.json))),
      ("stages", .array(stages.map(\.json))),
      (
        "drops",
        .array(drops.map { ["reason": .string($0.reason), "packets": .count($0.packets)] })
      ),
      ("telemetry", telemetry?.json(queuePairs: queuePairs)),
    ])
  }
}

extension NICSnapshot.Port {
  fileprivate var json: JSON {
    .object(present: [
      ("name", .string(name)),
      ("device", .string(device)),
      ("link", link.map { .string($0) }),
      ("receivedPackets", .count(receivedPackets)),
      ("receivedBytes", .count(receivedBytes)),
      ("sentPackets", .count(sentPackets)),
      ("sentBytes", .count(sentBytes)),
      ("missedPackets", missedPackets.map { .count($0) }),
    ])
  }
}

extension NICSnapshot.Stage {
  fileprivate var json: JSON {
    [
      "pipeline": .string(pipeline), "label": .string(label), "stage": .string(stage),
      "packets": .count(packets), "dropped": .count(dropped),
      "timedCycles": .count(timedCycles), "timedPackets": .count(timedPackets),
      "figures": .object(figures.map { ($0.name, .count($0.value)) }),
    ]
  }
}
