// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Testing

extension Running {
  @Suite struct ICRCTests {
    /// A SEND of "hello" whose ICRC is right.
    static let good = bytes(
      "0200000000020200000000010800456a0034000140004011264c0a0000010a000002d35e12b70020000004f0"
        + "ffff0000010a8000010068656c6c6f0000004e49925c")
    static let bad = good.dropLast() + [0]

    /// 258 bytes, of which the last four would be an ICRC.
    static let long: [UInt8] = {
      var packet = Array(good.dropLast(4)) + [UInt8](repeating: 7, count: 192) + [0, 0, 0, 0]
      packet.replaceSubrange(16..<18, with: [0, 52 + 192])
      packet.replaceSubrange(38..<40, with: [0, 32 + 192])
      return packet
    }()

    static func bytes(_ text: String) -> [UInt8] {
      let digits = text.compactMap(\.hexDigitValue)
      return stride(from: 0, to: digits.count, by: 2).map {
        UInt8(digits[$0] << 4 | digits[$0 + 1])
      }
    }

    @Test func verdictsAreCounted() throws {
      let stand = try Stand(
        stage("parse"), stage("verify-icrc"), stage("send", ["port": "out"]))
      try stand.run([Self.good, Array(Self.bad), Self.good])
      #expect([stand.figure("good", of: 1), stand.figure("bad", of: 1)] == [2, 1])
      #expect(stand.sent("out").count == 3)
      stand.checkBalance()
    }

    @Test func conditionsCanAskForTheVerdict() throws {
      let stand = try Stand(
        stage("parse"), stage("verify-icrc"),
        stage("send", ["port": "tap"], when: "roce.icrc == bad"), stage("send", ["port": "out"]))
      try stand.run([Self.good, Array(Self.bad), Self.good])
      #expect(stand.sent("tap").map(\.bytes) == [Array(Self.bad)])
      stand.checkBalance()
    }

    @Test func badPacketsCanBeDropped() throws {
      let stand = try Stand(
        stage("parse"), stage("verify-icrc", ["bad": "drop"]), stage("send", ["port": "out"]))
      try stand.run([Self.good, Array(Self.bad)])
      #expect(stand.sent("out").map(\.bytes) == [Self.good])
      stand.checkBalance()
    }

    @Test func oneRoCEPacketInSoManyIsChecked() throws {
      let stand = try Stand(
        stage("parse"), stage("verify-icrc", ["every": "8"]), stage("send", ["port": "out"]))
      for _ in 0..<4 { try stand.run(Array(repeating: Self.good, count: 30)) }
      #expect([stand.figure("good", of: 1), stand.figure("unchecked", of: 1)] == [15, 105])
      stand.checkBalance()
    }

    @Test func packetsInChainsOfBuffersAreChecked() throws {
      let stages = try [
        stage("parse"), stage("fix-icrc"), stage("verify-icrc"), stage("send", ["port": "out"]),
      ]
      let plans = [PipelinePlan(name: "main", stages: stages)]
      // The smallest buffers hold 128 bytes behind their headroom: the ICRC lies across two.
      let chained = try Stand(plans, dataRoom: 256)
      let single = try Stand(plans)
      for stand in [chained, single] {
        try stand.run([Self.long])
        #expect(stand.figure("corrected", of: 1) == 1)
        #expect(stand.figure("good", of: 2) == 1)
        stand.checkBalance()
      }
      #expect(chained.sent("out").map(\.bytes) == single.sent("out").map(\.bytes))
    }

    @Test func aWrongICRCIsComputedAnew() throws {
      let stand = try Stand(stage("parse"), stage("fix-icrc"), stage("send", ["port": "out"]))
      try stand.run([Self.good, Array(Self.bad)])
      #expect(stand.sent("out").map(\.bytes) == [Self.good, Self.good])
      #expect([stand.figure("right before", of: 1), stand.figure("corrected", of: 1)] == [1, 1])
      stand.checkBalance()
    }
  }
}
