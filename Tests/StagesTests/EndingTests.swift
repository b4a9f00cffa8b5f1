// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Testing

extension Running {
  /// Stages that end a packet's way, and `count`, which only looks.
  @Suite struct EndingTests {
    let udp = packet("eth / ipv4 / udp / 20B")
    let tcp = packet("eth / ipv4 / tcp / 20B")

    @Test func dropCountsUnderItsReason() throws {
      let stand = try Stand(
        stage("parse"), stage("drop", ["reason": "blocked"], when: "tcp"), stage("drop"))
      try stand.run([udp, tcp])
      #expect(stand.dropped == ["drop-stage", "blocked"])
      stand.checkBalance()
    }

    @Test func twoDropsMayShareAReason() throws {
      let stand = try Stand(
        stage("parse"), stage("drop", ["reason": "same"], when: "tcp"),
        stage("drop", ["reason": "same"]))
      try stand.run([udp, tcp])
      let place = try #require(stand.reasons.names.firstIndex(of: "same"))
      #expect(stand.set.reasonCounters.values[place] == 2)
      stand.checkBalance()
    }

    @Test func dropMayNameAReasonOfTheEngine() throws {
      let stand = try Stand(stage("drop", ["reason": "output-full"]))
      try stand.run([udp])
      #expect(stand.set.reasonCounters.values[1] == 1)
      stand.checkBalance()
    }

    @Test func sendGoesBackOutOfTheInputPortToo() throws {
      let stand = try Stand(stage("send", ["port": "in"]))
      try stand.run([udp, tcp])
      #expect(stand.sent("in").map(\.bytes) == [udp, tcp])
      let counters = stand.set.portCounters.values[0]
      #expect(counters.receivedPackets == 2)
      #expect(counters.sentPackets == 2)
      stand.checkBalance()
    }

    @Test func jumpTakesOnlyWhatItsConditionSelects() throws {
      let stand = try Stand([
        pipeline(
          "main", stage("parse"), stage("jump", ["pipeline": "side"], when: "tcp"),
          stage("send", ["port": "out"])),
        pipeline("side", stage("send", ["port": "tap"])),
      ])
      try stand.run([tcp, udp, tcp])
      #expect(stand.sent("tap").map(\.bytes) == [tcp, tcp])
      #expect(stand.sent().map(\.bytes) == [udp])
      stand.checkBalance()
    }

    @Test func countKnowsPacketsAndTheirLengthOnTheWire() throws {
      let stand = try Stand(
        stage("count", ["name": "all"]), stage("parse"),
        stage("count", ["name": "tcp"], when: "tcp"), stage("send", ["port": "out"]))
      try stand.run([udp, tcp], wireLength: 1000)
      try stand.run([udp])
      #expect(stand.figure("all packets") == 3)
      #expect(stand.figure("all bytes") == 2000 + UInt64(udp.count))
      #expect(stand.figure("tcp packets", of: 2) == 1)
      #expect(stand.figure("tcp bytes", of: 2) == 1000)
      stand.checkBalance()
    }
  }
}
