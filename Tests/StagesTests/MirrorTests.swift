// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Testing

extension Running {
  @Suite struct MirrorTests {
    let udp = packet("eth / ipv4 / udp / 200B")

    @Test func copyIsThePacketAsItWasThen() throws {
      let stand = try Stand(
        stage("parse"), stage("mirror", ["port": "tap"]), stage("set", ["ip.ttl": "9"]),
        stage("send", ["port": "out"]))
      try stand.run([udp, udp], nanoseconds: 700)
      #expect(stand.sent("tap").map(\.bytes) == [udp, udp])
      #expect(stand.sent("tap").map(\.nanoseconds) == [700, 1700])
      #expect(
        stand.sent().map(\.bytes)
          == Array(
            repeating: packet("eth / ipv4 ttl 9 / udp / 200B"), count: 2))
      #expect(stand.figure("copied", of: 1) == 2)
      #expect(stand.sent("tap").allSatisfy { $0.stage == 1 })
      stand.checkBalance()
    }

    @Test func copyOfACutPacketKeepsItsLength() throws {
      let stand = try Stand(
        stage("mirror", ["port": "tap", "cut": "64B"]), stage("drop", ["reason": "done"]))
      try stand.run([udp, Array(udp.prefix(40))])
      #expect(stand.sent("tap").map(\.bytes) == [Array(udp.prefix(64)), Array(udp.prefix(40))])
      #expect(stand.sent("tap").map(\.wireLength) == [UInt32(udp.count), 40])
      stand.checkBalance()
    }

    @Test func copyOnALivePortIsAsLongAsItsBytes() throws {
      let stand = try Stand(
        stage("mirror", ["port": "tap", "cut": "64B"]), stage("send", ["port": "out"]), mode: .live)
      try stand.run([udp])
      #expect(stand.sent("tap").map(\.wireLength) == [64])
      #expect(stand.set.portCounters.values[2].sentBytes == 64)
      stand.checkBalance()
    }

    @Test func emptyPoolCostsCopiesAndNothingElse() throws {
      let stages = try [stage("mirror", ["port": "tap"]), stage("send", ["port": "out"])]
      let stand = try Stand([PipelinePlan(name: "main", stages: stages)], packets: 70)
      try stand.run(Array(repeating: udp, count: 60))
      #expect(stand.sent().count == 60)
      #expect(stand.sent("tap").count == 10)
      #expect(stand.figure("not copied: pool empty") == 50)
      stand.checkBalance()
    }

    @Test func packetInSeveralBuffersIsCopiedWhole() throws {
      let stages = try [
        stage("mirror", ["port": "tap"]), stage("mirror", ["port": "in", "cut": "500B"]),
        stage("send", ["port": "out"]),
      ]
      let stand = try Stand([PipelinePlan(name: "main", stages: stages)], dataRoom: 384)
      let large = packet("eth / ipv4 / udp / 1400B")
      try stand.run([large])
      #expect(stand.sent("tap").map(\.bytes) == [large])
      #expect(stand.sent("in").map(\.bytes) == [Array(large.prefix(500))])
      stand.checkBalance()
    }

    @Test func packetWithoutBytesIsCopiedToo() throws {
      let stand = try Stand(stage("mirror", ["port": "tap"]), stage("send", ["port": "out"]))
      try stand.run([[], udp], wireLength: 60)
      #expect(stand.sent("tap").map(\.bytes) == [[], udp])
      stand.checkBalance()
    }

    @Test func copiesAndPacketsMayLeaveByOnePort() throws {
      let stand = try Stand(stage("mirror", ["port": "out"]), stage("send", ["port": "out"]))
      try stand.run(Array(repeating: udp, count: 64))
      #expect(stand.sent().count == 128)
      stand.checkBalance()
    }

    @Test func mirrorsAddUp() throws {
      let stand = try Stand(
        stage("mirror", ["port": "tap"]), stage("mirror", ["port": "tap"]),
        stage("mirror", ["port": "in"]), stage("send", ["port": "out"]))
      try stand.run(Array(repeating: udp, count: 64))
      #expect(stand.sent("tap").count == 128)
      #expect(stand.sent("in").count == 64)
      stand.checkBalance()
    }
  }
}
