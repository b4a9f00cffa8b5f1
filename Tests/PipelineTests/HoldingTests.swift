// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Testing

extension Running {
  @Suite struct HoldingTests {
    let udp = packet("eth / ipv4 / udp / 20B")
    let tcp = packet("eth / ipv4 / tcp / 20B")
    let registry = StageRegistry(StageRegistry.standard.types + probes.types)

    func keeping(_ time: String = "5us", dropsThirds: Bool = false) throws -> StagePlan {
      try stage(
        "keeping", ["time": time, "drops-thirds": "\(dropsThirds)"], shared: "keeper",
        in: registry)
    }

    @Test func keptPacketsGoOnBehindTheStageWithTheirNewTimes() throws {
      let stand = try Stand(
        stage("parse"), keeping(), stage("count", ["name": "late"]), stage("send", ["port": "out"]))
      try stand.run([udp, tcp], nanoseconds: 1000)
      #expect(stand.sent().isEmpty)
      #expect(stand.set.heldCounter.pointer.pointee == 2)
      #expect(stand.set.nextRelease == 6000)
      stand.release(until: 6999)
      #expect(stand.sent().map(\.nanoseconds) == [6000])
      stand.release(until: 7000)
      #expect(stand.sent().map(\.nanoseconds) == [6000, 7000])
      #expect(stand.figure("late packets", of: 2) == 2)
      #expect(stand.set.nextRelease == .max)
      stand.checkBalance()
    }

    @Test func keptPacketsKeepTheirHeadersAndMarks() throws {
      let stand = try Stand(
        stage("parse"), stage("map-priority", ["map": "roce-dscp26", "default": "5"]), keeping(),
        stage("count", ["name": "marked"], when: "priority == 5 && arp"),
        stage("send", ["port": "out"]))
      try stand.run([udp, packet("eth / arp")])
      stand.release(until: .max - 1)
      #expect(stand.figure("marked packets", of: 3) == 1)
      stand.checkBalance()
    }

    @Test func droppedWhenReleasedIsDroppedByTheStage() throws {
      let stand = try Stand(keeping(dropsThirds: true), stage("send", ["port": "out"]))
      try stand.run([udp, tcp, udp, tcp, udp, tcp, udp])
      stand.release(until: .max - 1)
      #expect(stand.dropped == ["third", "third"])
      #expect(stand.drops.departures.allSatisfy { $0.stage == 0 })
      #expect(stand.counters(0).dropped == 2)
      #expect(stand.sent().count == 5)
      stand.checkBalance()
    }

    @Test func manyAreReleasedInSeveralBursts() throws {
      let stand = try Stand(keeping("1ms"), stage("send", ["port": "out"]))
      for round in 0..<3 {
        try stand.run(
          Array(repeating: udp, count: 64), nanoseconds: UInt64(round) * 64_000)
      }
      var burst = stand.set.makeBurst()
      stand.set.release(&burst, until: .max - 1)
      #expect(stand.output("out").batches == [64, 64, 64])
      let times = stand.sent().map(\.nanoseconds)
      #expect(times == (0..<192).map { 1_000_000 + UInt64($0) * 1000 })
      stand.checkBalance()
    }

    @Test func aSharedStageLetsPacketsGoWhereEachCameFrom() throws {
      let stand = try Stand([
        pipeline("one", keeping(), stage("send", ["port": "out"])),
        pipeline("two", keeping(), stage("send", ["port": "tap"])),
      ])
      try stand.run([udp], entry: 0, nanoseconds: 1000)
      try stand.run([tcp], entry: 1, nanoseconds: 2000)
      #expect(stand.set.heldCounter.pointer.pointee == 2)
      stand.release(until: .max - 1)
      #expect(stand.sent().map(\.bytes) == [udp])
      #expect(stand.sent("tap").map(\.bytes) == [tcp])
      #expect(stand.counters(0).packets == 1)
      #expect(stand.counters(2).packets == 1)
      stand.checkBalance()
    }

    @Test func jumpsBehindTheStageAreFollowed() throws {
      let stand = try Stand([
        pipeline("one", keeping(), stage("jump", ["pipeline": "two"])),
        pipeline("two", stage("count", ["name": "there"]), stage("send", ["port": "out"])),
      ])
      try stand.run([udp, tcp])
      stand.release(until: .max - 1)
      #expect(stand.figure("there packets", of: 2) == 2)
      #expect(stand.sent().count == 2)
      stand.checkBalance()
    }

    @Test func keepingAllocatesNothing() throws {
      let stand = try Stand(keeping(), stage("send", ["port": "out"]))
      stand.output("out").records = false
      for round in 0..<7 {
        try stand.run(Array(repeating: udp, count: 64), nanoseconds: UInt64(round) * 1_000_000)
        stand.release(until: UInt64(round) * 1_000_000 + 500_000)
      }
      #expect(stand.allocations == 0)
      stand.checkBalance()
    }
  }
}
