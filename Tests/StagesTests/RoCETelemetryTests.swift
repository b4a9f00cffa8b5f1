// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Stages
import Telemetry
import Testing

extension Running {
  @Suite struct RoCETelemetryTests {
    @Test(arguments: RoCEScenario.all)
    func eachMetricCountsWhatItSays(_ scenario: RoCEScenario) throws {
      let totals = try scenario.run().totals
      for (metric, value) in scenario.expected {
        #expect(totals[metric] == value, "\(metric.name)")
      }
    }

    @Test func someScenarioMovesEachMetric() throws {
      var unmoved = Set(Metric.allCases)
      for scenario in RoCEScenario.all {
        let totals = try scenario.run().totals
        unmoved = unmoved.filter { totals[$0] == 0 }
      }
      #expect(unmoved.isEmpty, "\(unmoved.map(\.name))")
    }

    @Test func eachDirectionIsMeasuredAndKnowsTheOther() throws {
      let snapshot = try RoCEScenario.all[0].run()
      let requests = try #require(snapshot.queuePairs.first { $0.name.queuePair == 21 })
      #expect(requests.name.source == "10.0.0.1" && requests.name.destination == "10.0.0.2")
      #expect(requests.peer?.queuePair == 11)
      #expect(requests.values[.messages] == 2 && requests.values[.acknowledgements] == 0)
      #expect(requests.opcodes[0x06] == 1 && requests.opcodes[0x07] == 1)
      #expect(requests.opcodes[0x08] == 1 && requests.opcodes[0x04] == 1)
      let answers = try #require(snapshot.queuePairs.first { $0.name.queuePair == 11 })
      #expect(answers.values[.acknowledgements] == 2 && answers.opcodes[0x11] == 2)
    }

    @Test func aConnectionThatBeginsAnewIsAnotherOne() throws {
      let wire = RoCEPackets()
      let stand = try Stand(
        stage("parse"), stage("track-qps"), stage("roce-telemetry"),
        stage("send", ["port": "out"]))
      try stand.run(wire.connection(from: 11, to: 21, 1) + [wire.send(to: 21, 100)])
      try stand.run(
        wire.connection(from: 11, to: 21, 2) + [wire.send(to: 21, 7)], nanoseconds: 9_000_000)
      let snapshot = stand.telemetry
      let now = try #require(snapshot.queuePairs.first { $0.name.queuePair == 21 })
      #expect(now.values[.packets] == 1 && now.values[.retransmitted] == 0)
      #expect(snapshot.endedQueuePairs == 1)
      // What it had counted before is in the totals.
      #expect(snapshot.totals[.packets] == 6)
      #expect(snapshot.totals[.sequenceRestarts] == 0)
    }

    @Test func measuringAllocatesNothing() throws {
      let stand = try Stand(
        stage("parse"), stage("track-qps"), stage("roce-telemetry"),
        stage("send", ["port": "out"]))
      stand.output("out").records = false
      func runAll(_ round: UInt64) throws {
        for scenario in RoCEScenario.all {
          for step in scenario.steps {
            try stand.run([step.packet], nanoseconds: step.nanoseconds + round * 1_000_000_000)
          }
        }
      }
      // Swift looks types up when they are first used.
      for round: UInt64 in 0..<3 { try runAll(round) }
      let before = stand.allocations
      for round: UInt64 in 3..<6 { try runAll(round) }
      #expect(stand.allocations - before == 0)
    }

    @Test func depthsThatPacketsFindAreDistributed() throws {
      let stand = try Stand(
        stage("parse"), stage("track-qps"), stage("roce-telemetry"),
        stage("queue", ["rate": "1Mbps", "capacity": "1MB"]), stage("send", ["port": "out"]))
      let packet = RoCEPackets().send(to: 21, 1)
      try stand.run([packet, packet, packet])
      stand.release(until: .max - 1)
      let depths = try #require(
        stand.telemetry.distributions
          .first { $0.kind == .queueDepth }?.histogram)
      #expect(depths.count == 3 && depths.minimum == 0)
      #expect(depths.maximum >= 2 * UInt64(packet.count))
    }

    @Test func whoReadsSeesQueuePairsAsOfTheLastLook() throws {
      let wire = RoCEPackets()
      let stand = try Stand(
        stage("parse"), stage("track-qps"), stage("roce-telemetry"),
        stage("send", ["port": "out"]))
      try stand.run([wire.send(to: 21, 1)])
      let first = stand.telemetry
      try stand.run([wire.send(to: 21, 2)], nanoseconds: 9_000_000)
      let board = stand.context.telemetryBoard
      #expect(first.totals[.packets] == 1 && board.snapshot.totals[.packets] == 1)
      stand.set.addUp()
      let figure = stand.set.figures(of: 2).first { $0.name == "packets" }
      #expect(figure?.value == 2 && board.snapshot.totals[.packets] == 2)
    }

    @Test func saysWhatItCouldNotKnow() throws {
      let scenario = try #require(RoCEScenario.all.first { !$0.isPaired })
      let gaps = try scenario.run().gaps
      #expect(gaps.contains { $0.contains("the other direction is not known") })
      #expect(gaps.contains { $0.contains("no invariant CRC was verified") })
    }

    @Test func countsWhatThereIsNoRoomFor() throws {
      let wire = RoCEPackets()
      let stand = try Stand(
        stage("parse"), stage("track-qps"), stage("roce-telemetry", ["capacity": "1"]),
        stage("send", ["port": "out"]))
      try stand.run([wire.send(to: 21, 1), wire.send(to: 22, 1), wire.send(to: 23, 1)])
      let snapshot = stand.telemetry
      #expect(snapshot.totals[.packets] == 1)
      #expect(snapshot.gaps.contains { $0.hasPrefix("2 RoCE packets") })
    }
  }
}
