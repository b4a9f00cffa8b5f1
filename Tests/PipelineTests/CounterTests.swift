// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Settings
import Testing

extension Running {
  @Suite struct CounterTests {
    let udp = packet("eth / ipv4 / udp / 20B")
    let tcp = packet("eth / ipv4 / tcp / 20B")

    @Test func stagesCountWhatTheirConditionsSelect() throws {
      let stand = try Stand(
        stage("parse"), stage("count", ["name": "tcp"], when: "tcp"),
        stage("drop", ["reason": "udp"], when: "udp"), stage("send", ["port": "out"]))
      try stand.run([udp, tcp, udp])
      try stand.run([udp])
      let counters = (0..<4).map { stand.counters($0) }
      #expect(counters.map(\.packets) == [4, 1, 3, 1])
      #expect(counters.map(\.dropped) == [0, 0, 3, 0])
      #expect(counters.map(\.bursts) == [2, 1, 2, 1])
      #expect(counters[0].timedCycles > 0)
      #expect(counters.map(\.timedPackets) == [4, 1, 3, 1])
      stand.checkBalance()
    }

    @Test func dropsOfParseAreItsOwn() throws {
      let stand = try Stand(stage("parse"), stage("send", ["port": "out"]))
      try stand.run([udp, Array(udp.prefix(10))])
      #expect(stand.counters(0).dropped == 1)
      #expect(stand.counters(1).packets == 1)
      stand.checkBalance()
    }

    @Test func cyclesOfASelectionThatIsEmptyCountForItsStage() throws {
      let stand = try Stand(
        stage("parse"), stage("count", ["name": "none"], when: "arp"),
        stage("send", ["port": "out"]))
      try stand.run([udp])
      #expect(stand.counters(1).bursts == 0)
      #expect(stand.counters(1).timedCycles > 0)
    }

    @Test func workersShareTheNumbersOfDropReasons() throws {
      let reasons = DropReasons()
      let stages = try [stage("parse"), stage("drop", ["reason": "mine"])]
      let plans = [PipelinePlan(name: "main", stages: stages)]
      let stands = try (0..<3).map { try Stand(plans, worker: $0, reasons: reasons) }
      let names = reasons.names
      for stand in stands { try stand.run([udp]) }
      #expect(reasons.names == names)
      #expect(names.count == Set(names).count)
      let place = try #require(names.firstIndex(of: "mine"))
      #expect(stands.allSatisfy { $0.set.reasonCounters.values[place] == 1 })
    }

    @Test func stageThatRefusesIsFoundByItsPlace() throws {
      let plans = [
        pipeline("first", try stage("parse")),
        pipeline("second", try stage("parse"), try stage("refusing", in: probes)),
      ]
      let error = #expect(throws: StageBuildError.self) { try Stand(plans) }
      #expect(error?.pipeline == 1)
      #expect(error?.stage == 1)
      #expect(error?.error.message == "not today")
    }
  }
}

@Suite struct DropReasonTests {
  @Test func nameIsInternedOnce() {
    let reasons = DropReasons()
    #expect(reasons.reason("a") == reasons.reason("a"))
    #expect(reasons.reason("a") != reasons.reason("b"))
    #expect(reasons.reason("no-verdict") == .noVerdict)
    #expect(reasons.reason("output-full") == .outputFull)
  }

  @Test func reasonsBeyondTheCapacityShareTheLast() {
    let reasons = DropReasons()
    for number in 0..<DropReasons.capacity + 10 { _ = reasons.reason("r\(number)") }
    #expect(reasons.names.count == DropReasons.capacity)
    #expect(reasons.reason("one more").index == UInt16(DropReasons.capacity - 1))
    #expect(reasons.reason("r0").index == 2)
  }
}

@Suite struct StageRegistryTests {
  @Test func stageFromOutsideReplacesOneOfTheSameName() {
    let registry = StageRegistry(
      StageRegistry.standard.types + [StageType(OtherCount.self), StageType(Maker.self)])
    #expect(registry["count"]?.description.summary == OtherCount.summary)
    #expect(registry["maker"]?.description.summary == Maker.summary)
    let names = registry.types.map(\.description.name)
    #expect(names == StageRegistry.standard.types.map(\.description.name) + ["maker"])
    #expect(registry.descriptions.first { $0.name == "count" }?.summary == OtherCount.summary)
  }

  @Test func unknownNameHasNoStage() {
    #expect(StageRegistry.standard["no-such"] == nil)
  }
}
