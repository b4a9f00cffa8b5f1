// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Testing

extension Running {
  @Suite struct JumpTests {
    let udp = packet("eth / ipv4 / udp / 20B")
    let tcp = packet("eth / ipv4 / tcp / 20B")
    let arp = packet("eth / arp")

    @Test func packetsThatJumpDoNotComeBack() throws {
      let stand = try Stand([
        pipeline(
          "main", stage("parse"), stage("jump", ["pipeline": "side"], when: "tcp"),
          stage("send", ["port": "out"])),
        pipeline("side", stage("count", ["name": "seen"])),
      ])
      try stand.run([udp, tcp])
      #expect(stand.sent().map(\.bytes) == [udp])
      #expect(stand.dropped == ["no-verdict"])
      #expect(stand.figure("seen packets", of: 3) == 1)
      stand.checkBalance()
    }

    @Test func jumpsToOnePipelineMergeIntoOneBurst() throws {
      let stand = try Stand([
        pipeline(
          "main", stage("parse"), stage("jump", ["pipeline": "side"], when: "tcp"),
          stage("jump", ["pipeline": "side"], when: "udp")),
        pipeline("side", stage("send", ["port": "out"])),
      ])
      try stand.run([udp, tcp, arp, udp])
      #expect(stand.sent().map(\.bytes) == [udp, tcp, udp])
      #expect(stand.counters(3).bursts == 1)
      #expect(stand.dropped == ["no-verdict"])
      stand.checkBalance()
    }

    @Test func pipelineRunsOnceAfterAllThatLeadToIt() throws {
      let stand = try Stand([
        pipeline(
          "main", stage("parse"), stage("jump", ["pipeline": "last"], when: "arp"),
          stage("jump", ["pipeline": "middle"])),
        pipeline("middle", stage("count", ["name": "all"]), stage("jump", ["pipeline": "last"])),
        pipeline("last", stage("send", ["port": "out"])),
      ])
      try stand.run([arp, udp, tcp])
      #expect(stand.output("out").batches == [3])
      #expect(stand.figure("all packets", of: 3) == 2)
      stand.checkBalance()
    }

    @Test func conditionsBehindAJumpSeeTheHeaders() throws {
      let stand = try Stand([
        pipeline("main", stage("parse"), stage("jump", ["pipeline": "side"])),
        pipeline("side", stage("send", ["port": "out"], when: "tcp")),
      ])
      try stand.run([udp, tcp])
      #expect(stand.sent().map(\.bytes) == [tcp])
      stand.checkBalance()
    }

    @Test func sixtyFourPipelinesAreAChain() throws {
      var plans = try (0..<63).map {
        pipeline("p\($0)", try stage("jump", ["pipeline": "p\($0 + 1)"]))
      }
      plans.append(pipeline("p63", try stage("send", ["port": "out"])))
      let stand = try Stand(plans)
      try stand.run([udp, tcp])
      #expect(stand.sent().count == 2)
      #expect((0..<64).allSatisfy { stand.counters($0).packets == 2 })
      stand.checkBalance()
    }

    @Test func burstsMayEnterAnyPipeline() throws {
      let stand = try Stand([
        pipeline("first", stage("drop", ["reason": "first"])),
        pipeline("second", stage("send", ["port": "out"])),
      ])
      try stand.run([udp], entry: 1)
      try stand.run([tcp], entry: 0)
      #expect(stand.sent().map(\.bytes) == [udp])
      #expect(stand.dropped == ["first"])
      stand.checkBalance()
    }
  }
}
