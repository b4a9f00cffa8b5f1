// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Testing

@testable import Runtime

extension Running {
  @Suite struct SimulationTests {
    /// A host writes to another one through a switch.
    static func world(_ traffic: String, cable: String = "{ends: [nic, left], delay: 2us}")
      -> String
    {
      """
      sluice: 1
      ports: {app: "null:", nic: "null:", left: "null:", sink: "null:"}
      simulation:
        time: 400us
        settle: 100us
        sample: 20us
        cables: [\(cable)]
        traffic: [\(traffic)]
      shared: {qps: track-qps}
      pipelines:
        send: {input: app, stages: [parse, {use: qps}, {send: nic}]}
        hear: {input: nic, stages: [parse, {use: qps}, {send: app}]}
        receive: {input: left, stages: [parse, verify-icrc, {send: sink}]}
        answer: {input: sink, stages: [{send: left}]}
      """
    }

    func simulate(
      _ traffic: String, _ change: (String) -> String = { $0 }
    ) throws -> (report: Report, record: SimulationRecord) {
      let text = change(Self.world(traffic))
      let result = try Simulation(plan(text), start: shared).run()
      #expect(result.report.problems == [])
      return result
    }

    func problems(_ text: String) throws -> [String] {
      try plan(text).stageProblems().map(\.message)
    }

    @Test func whatIsSentArrivesAndIsAccountedFor() throws {
      let (report, _) = try simulate("{from: app, to: sink, queue-pairs: 3, message: 20KB}")
      #expect(report.totals.balances)
      #expect(report.pool.missing == 0)
      #expect(report.ports[0].counters.receivedPackets > 1000)
      #expect(report.ports[3].counters.sentPackets == report.ports[0].counters.receivedPackets)
    }

    @Test func sendersKeepToTheirRate() throws {
      let (report, _) = try simulate("{from: app, to: sink, queue-pairs: 4, rate: 10Gbps}")
      let rates = try #require(report.simulation).rates
      #expect(abs(rates.total - 40e9) < 0.4e9)
      #expect(rates.fairness > 0.9999)
    }

    @Test func connectionsArePairedByTheirMessages() throws {
      let (report, _) = try simulate("{from: app, to: sink, queue-pairs: 3}")
      let figures = report.pipelines[0].stages[1].figures
      #expect(figures.first { $0.name == "paired by connection manager" }?.value == 3)
    }

    @Test func acknowledgementsHaveTheRightICRC() throws {
      let (report, _) = try simulate("{from: app, to: sink, message: 4KB}") {
        $0.replacing("{use: qps}, {send: app}", with: "verify-icrc, {send: app}")
      }
      let figures = report.pipelines[1].stages[1].figures
      #expect(figures.first { $0.name == "good" }?.value ?? 0 > 100)
      #expect(figures.first { $0.name == "bad" }?.value ?? 0 == 0)
    }

    @Test func queuePairsBeginOneAfterTheOther() throws {
      let (_, record) = try simulate("{from: app, to: sink, queue-pairs: 2, stagger: 200us}")
      #expect(record.rates[0][2] > 0)
      #expect(record.rates[1][..<9].allSatisfy { $0 == 0 })
      #expect(record.rates[1][15] > 0)
    }

    @Test func aQueuePairEndsWithItsBytes() throws {
      let (report, record) = try simulate("{from: app, to: sink, bytes: 10KB, mtu: 1024}")
      #expect(report.ports[3].counters.sentPackets == 1 + 10)
      #expect(record.rates[0].last == 0)
    }

    @Test func everyRunIsTheSame() throws {
      let first = try simulate("{from: app, to: sink, queue-pairs: 5, message: 10KB}")
      let second = try simulate("{from: app, to: sink, queue-pairs: 5, message: 10KB}")
      #expect(first.record.csv == second.record.csv)
      #expect(first.record.svg == second.record.svg)
    }

    @Test func aSampleIsALineAndAThingAColumn() throws {
      let (_, record) = try simulate("{from: app, to: sink, queue-pairs: 2}")
      let lines = record.csv.split(separator: "\n")
      #expect(
        lines.first
          == "time_us,queue_pair_1_bps,queue_pair_2_bps,nic to left_bps,left to nic_bps")
      #expect(lines.count == 1 + 20)
      #expect(lines.allSatisfy { $0.split(separator: ",").count == 5 })
    }

    @Test func whatArrivesAfterTheEndIsNoSample() throws {
      let (report, record) = try simulate("{from: app, to: sink}") {
        $0.replacing("delay: 2us", with: "delay: 100us")
      }
      #expect(record.count == 20)
      #expect(report.simulation?.seconds == 300e-6)
    }

    @Test func lostPacketsDoNotStopTheSender() throws {
      let (report, _) = try simulate("{from: app, to: sink, rate: 10Gbps}") {
        $0.replacing("{use: qps}, {send: nic}", with: "{sample: 50%}, {send: nic}")
          .replacing("{sample: 50%}", with: "{drop: lost, when: bth.psn in 3..9}")
      }
      #expect(report.drops.map(\.reason) == ["lost"])
      #expect(report.drops.first?.packets == 7)
      #expect(try #require(report.simulation).rates.total > 9e9)
    }

    @Test func aFileWithoutASimulationIsRefused() throws {
      let text = "sluice: 1\nports: {a: \"null:\"}\npipelines: {p: {input: a, stages: [drop]}}"
      #expect(throws: RuntimeError.self) { try Simulation(plan(text), start: shared) }
    }

    @Test func faultsOfTheWorldAreNamed() throws {
      let traffic = "{from: app, to: sink}"
      #expect(try problems(Self.world(traffic)) == [])
      #expect(
        try problems(Self.world(traffic, cable: "{ends: [nic]}")) == ["a cable joins two ports"])
      #expect(
        try problems(Self.world(traffic, cable: "{ends: [nic, wrong]}"))
          == ["no port 'wrong' is defined"])
      #expect(
        try problems(Self.world(traffic, cable: "{ends: [nic, sink]}"))
          == ["port 'sink' is an end of a cable, so that no host is there"])
      #expect(
        try problems(Self.world(traffic).replacing("settle: 100us", with: "settle: 1ms"))
          == ["the summary would have no time left"])
    }
  }
}
