// SPDX-License-Identifier: BSD-3-Clause
import DPDK
import Telemetry
import Testing

@testable import Runtime

/// What the telemetry socket answers.
struct TelemetryCommandTests {
  static func snapshot(queuePairs: Int) -> NICSnapshot {
    var snapshot = NICSnapshot(file: "a.yaml", nanoseconds: 5, uptime: 1.25, workers: 2)
    snapshot.drops = [.init(reason: "queue-full", packets: 7)]
    var queue = NICSnapshot.Stage(pipeline: "ingress", label: "egress", stage: "queue")
    queue.figures = (0..<300).map { ("figure \($0)", UInt64($0)) }
    snapshot.stages = [queue]
    var telemetry = TelemetrySnapshot()
    telemetry.queuePairCount = queuePairs
    for number in 0..<queuePairs {
      let name = QueuePairName(
        source: "10.0.0.1", destination: "10.0.0.2", queuePair: UInt32(number))
      var pair = QueuePairMeasurement(name: name, firstSeen: 1, lastSeen: 2)
      for metric in Metric.allCases { pair.values[metric] = .max }
      pair.values[.lost] = 0
      pair.opcodes[0x81] = 3
      telemetry.queuePairs.append(pair)
    }
    snapshot.telemetry = telemetry
    return snapshot
  }

  func answer(
    _ command: String, _ parameters: String = "", _ snapshot: NICSnapshot = snapshot(queuePairs: 3)
  ) -> TelemetryRecord? {
    TelemetryCommands { snapshot }.all.first { $0.name == "/sluice/" + command }?.answer(parameters)
  }

  @Test func commandsHaveNamesAndHelpThatDPDKTakes() {
    for command in TelemetryCommands(snapshot: { Self.snapshot(queuePairs: 0) }).all {
      #expect(command.name.wholeMatch(of: /[a-z_\/]{1,55}/) != nil, "\(command.name)")
      #expect(command.help.utf8.count <= 63, "\(command.name)")
    }
  }

  @Test func theRunSaysWhichFileItRunsAndForHowLong() {
    let info = answer("info")
    #expect(info?.text("file") == "a.yaml")
    #expect(info?.number("uptime_milliseconds") == 1250)
    #expect(info?.number("queue_pairs") == 3)
  }

  @Test func aLongListComesInPagesThatTheSocketHasRoomFor() {
    let snapshot = Self.snapshot(queuePairs: 40)
    var first: UInt64 = 0
    var names: [String] = []
    while let page = answer("queue_pairs", "\(first)", snapshot),
      let list = page.record("queue_pairs")
    {
      #expect(page.length < 16_384 - 40)
      names += list.values.map(\.name)
      guard let next = page.number("next") else { break }
      #expect(next > first)
      first = next
    }
    #expect(names == (0..<40).map(String.init))
  }

  @Test func aPartOfAListIsAskedForByItsBeginningAndLength() {
    let page = answer("queue_pairs", "1,1")
    #expect(page?.record("queue_pairs")?.values.map(\.name) == ["1"])
    #expect(page?.number("next") == 2)
    #expect(page?.number("total") == 3)
    #expect(answer("queue_pairs", "7")?.record("queue_pairs")?.values.count == 0)
  }

  @Test(arguments: ["x", "-1", "1,0", "1,2,3", ",", "1,", "99999999999999999999"])
  func parametersThatAreNoneHaveNoAnswer(parameters: String) {
    #expect(answer("ports", parameters) == nil)
    #expect(answer("queue_pairs", parameters) == nil)
  }

  @Test func aQueuePairIsFoundByItsName() {
    let pair = answer("queue_pair", "10.0.0.1>10.0.0.2/0x000002")
    #expect(pair?.number("queue_pair") == 2)
    #expect(pair?.number("wire_lost_packets") == 0, "metrics that are 0 are there, too")
    #expect(pair?.record("opcodes")?.number("CNP") == 3)
    #expect(answer("queue_pair", "10.0.0.1>10.0.0.2/0x000009") == nil)
  }

  @Test func aStageOfManyFiguresHasRoomForItsFirst() {
    let stage = answer("stages")?.record("stages")?.record("0")
    #expect(stage?.text("label") == "egress")
    #expect(stage?.record("figures")?.values.count == 64)
  }

  @Test func dropsAreThereByReason() {
    let drop = answer("drops")?.record("drops")?.record("0")
    #expect(drop?.text("reason") == "queue-full")
    #expect(drop?.number("packets") == 7)
  }

  @Test func anEventTellsWhereItIsAndWhatShowsIt() {
    var snapshot = Self.snapshot(queuePairs: 0)
    var event = TelemetryEvent(kind: .incast, start: 1, end: 5)
    event.isOpen = true
    event.address = "10.0.0.9"
    event.evidence = [.init("senders at once", 16)]
    snapshot.telemetry?.events = [event]
    let told = answer("events", "", snapshot)?.record("events")?.record("0")
    #expect(told?.text("kind") == "incast")
    #expect(told?.number("open") == 1)
    #expect(told?.text("address") == "10.0.0.9")
    #expect(told?.record("evidence")?.number("senders at once") == 16)
  }

  @Test func withoutRoCETelemetryThereAreNoTotals() {
    var snapshot = Self.snapshot(queuePairs: 0)
    snapshot.telemetry = nil
    #expect(answer("totals", "", snapshot) == nil)
    #expect(answer("queue_pairs", "", snapshot)?.number("total") == 0)
  }
}

extension TelemetryRecord {
  fileprivate func text(_ name: String) -> String? {
    if case .text(let text) = self[name] { text } else { nil }
  }

  fileprivate func number(_ name: String) -> UInt64? {
    if case .number(let number) = self[name] { number } else { nil }
  }

  fileprivate func record(_ name: String) -> TelemetryRecord? {
    if case .record(let record) = self[name] { record } else { nil }
  }
}
