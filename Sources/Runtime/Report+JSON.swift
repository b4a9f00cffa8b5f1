// SPDX-License-Identifier: BSD-3-Clause
import Pipeline
public import Presentation

extension Report {
  /// The report for programs.
  public var json: JSON {
    .object(present: [
      ("command", .string(command)),
      ("file", .string(file)),
      ("succeeded", .boolean(succeeded)),
      ("interrupted", .boolean(interrupted)),
      ("seconds", .number(seconds)),
      ("captureSeconds", captureSeconds.map { .number($0) }),
      ("workers", .integer(workers)),
      ("memory", .string(memory)),
      ("totals", totals.json),
      ("ports", .array(ports.map(\.json))),
      ("pipelines", .array(pipelines.map(\.json))),
      (
        "drops",
        .array(drops.map { ["reason": .string($0.reason), "packets": .count($0.packets)] })
      ),
      ("pool", ["packets": .integer(pool.packets), "missing": .integer(pool.missing)]),
      ("polling", polling?.json),
      ("pacing", pacing?.json),
      ("simulation", simulation?.json),
      ("problems", .array(problems.map { .string($0) })),
      ("notes", .array(notes.map { .string($0) })),
    ])
  }
}

extension Report.Totals {
  fileprivate var json: JSON {
    [
      "receivedPackets": .count(received), "receivedBytes": .count(receivedBytes),
      "madePackets": .count(made), "sentPackets": .count(sent), "sentBytes": .count(sentBytes),
      "droppedPackets": .count(dropped), "balances": .boolean(balances),
    ]
  }
}

extension Report.PortReport {
  fileprivate var json: JSON {
    .object(present: [
      ("name", .string(name)),
      ("device", .string(device)),
      ("link", link.map { .string($0) }),
      ("receivedPackets", .count(counters.receivedPackets)),
      ("receivedBytes", .count(counters.receivedBytes)),
      ("sentPackets", .count(counters.sentPackets)),
      ("sentBytes", .count(counters.sentBytes)),
      ("driver", driver?.json),
    ])
  }
}

extension Report.DriverCounts {
  fileprivate var json: JSON {
    [
      "missedPackets": .count(missed), "receiveErrors": .count(receiveErrors),
      "noBuffer": .count(noBuffer), "sendErrors": .count(sendErrors),
    ]
  }
}

extension Report.PipelineReport {
  fileprivate var json: JSON {
    ["name": .string(name), "stages": .array(stages.map(\.json))]
  }
}

extension Report.StageReport {
  fileprivate var json: JSON {
    .object(present: [
      ("label", .string(label)),
      ("stage", .string(stage)),
      ("when", condition.map { .string($0) }),
      ("packets", .count(counters.packets)),
      ("dropped", .count(counters.dropped)),
      ("bursts", .count(counters.bursts)),
      ("cyclesPerPacket", counters.cyclesPerPacket.map { .number($0) }),
      ("timedPackets", .count(counters.timedPackets)),
      ("timedCycles", .count(counters.timedCycles)),
      ("figures", .object(figures.map { (key: $0.name, value: .count($0.value)) })),
    ])
  }
}

extension StageCounters {
  /// Nil for a stage of which no burst was timed.
  fileprivate var cyclesPerPacket: Double? {
    timedPackets > 0 ? Double(timedCycles) / Double(timedPackets) : nil
  }
}

extension Report.Polling {
  fileprivate var json: JSON {
    [
      "tscHertz": .count(tscHertz),
      "nanosecondsByWorker": .array(nanosecondsByWorker.map { .count($0) }),
    ]
  }
}

extension Report.PacingReport {
  fileprivate var json: JSON {
    [
      "asked": .string(asked), "meanLateness": .number(meanLateness),
      "maximumLateness": .number(maximumLateness),
    ]
  }
}
