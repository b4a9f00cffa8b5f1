// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Settings
import Testing

@testable import Stages

extension Running {
  @Suite struct ImpairTests {
    private func stand(
      _ settings: KeyValuePairs<String, String>, seed: UInt64 = 1
    ) throws -> Stand {
      try Stand(
        [
          PipelinePlan(
            name: "main",
            stages: [
              stage("parse"), stage("impair", settings), stage("send", ["port": "out"]),
            ])
        ], seed: seed, packets: 2047)
    }

    /// Packets that know their own number.
    private func numbered(_ range: Range<Int>) -> [[UInt8]] {
      range.map { packet("eth / ipv4 tos 2 id \($0) / udp / 24B") }
    }

    private func numbers(_ departures: [Departure]) -> [Int] {
      departures.map { Int($0.bytes[18]) << 8 | Int($0.bytes[19]) }
    }

    /// Runs packets in bursts of a size, 1 us apart throughout.
    private func run(_ count: Int, by size: Int = 64, through stand: Stand) throws {
      for start in stride(from: 0, to: count, by: size) {
        try stand.run(
          numbered(start..<min(start + size, count)), nanoseconds: UInt64(1000 + start) * 1000)
      }
      stand.release(until: .max - 1)
      stand.checkBalance()
    }

    @Test(arguments: ["1%", "20%", "100%"])
    func asManyAreLostAsTheChanceSays(share: String) throws {
      let stand = try stand(["loss": share])
      try run(12_800, through: stand)
      let expected = 12_800 * (Double(share.dropLast()) ?? 0) / 100
      let lost = try #require(stand.figure("lost", of: 1))
      // Four standard deviations.
      let bound = 4 * (expected * (1 - expected / 12_800)).squareRoot()
      #expect(abs(Double(lost) - expected) <= bound)
      #expect(stand.dropped == Array(repeating: "impaired-loss", count: Int(lost)))
    }

    private static let many: KeyValuePairs<String, String> = [
      "loss": "10%", "corrupt": "10%", "ce": "30%", "delay": "20us", "jitter": "10us",
      "reorder": "5%", "reorder-delay": "30us", "duplicate": "3%",
    ]

    @Test func theSameSeedDoesTheSameHoweverPacketsFallIntoBursts() throws {
      let results = try [64, 64, 7, 1].map { size in
        let stand = try stand(Self.many)
        try run(640, by: size, through: stand)
        return stand.sent()
      }
      #expect(results[0].count > 500 && results[0].count < 660)
      #expect(results.dropFirst().allSatisfy { $0 == results[0] })
      let other = try stand(Self.many, seed: 2)
      try run(640, through: other)
      #expect(other.sent() != results[0])
    }

    @Test func oneImpairmentDoesNotChangeWhatAnotherDoes() throws {
      let alone = try stand(["loss": "10%"])
      let together = try stand(Self.many)
      try run(640, through: alone)
      try run(640, through: together)
      #expect(numbers(alone.sent()) == Set(numbers(together.sent())).sorted())
    }

    @Test func everyNthIsDroppedAcrossBursts() throws {
      let stand = try stand(["every": "7"])
      try run(100, by: 9, through: stand)
      #expect(numbers(stand.drops.departures) == (0..<100).filter { $0 % 7 == 6 })
      #expect(stand.figure("dropped as n-th", of: 1) == 14)
      #expect(stand.dropped.allSatisfy { $0 == "impaired-every" })
    }

    @Test func listedSequenceNumbersAreDroppedOnceEach() throws {
      let stand = try stand(["psns": "[100, 102, 102]"])
      let roce = RoCEPackets()
      try stand.run(
        [100, 101, 102, 100, 102, 102].map { roce.send(to: 17, $0) }
          + [packet("eth / ipv4 / udp / 99B")])
      #expect(stand.dropped == Array(repeating: "impaired-psn", count: 3))
      #expect(stand.sent().count == 4)
      #expect(stand.figure("dropped by PSN", of: 1) == 3)
      stand.checkBalance()
    }

    @Test func burstsOfLossesAreAsLongAsTheChannelSays() throws {
      var values = try SettingValues(Impairments.settings)
      let channel = try SettingValues(
        [Impairments.p, Impairments.r, Impairments.h, Impairments.k], ["p": "2%", "r": "25%"])
      values.give(.record(channel), to: "burst-loss", at: nil)
      let stand = try Stand(
        stage("parse"), stage("impair", values), stage("send", ["port": "out"]))
      try run(12_800, through: stand)
      let lost = numbers(stand.drops.departures)
      let bursts = lost.indices.count { $0 == 0 || lost[$0] != lost[$0 - 1] + 1 }
      // 2 / 27 of the packets, in bursts of 4 on the average.
      // 12,800 times 2 / 27 are 948.
      #expect((806...1090).contains(lost.count))
      let length = Double(lost.count) / Double(bursts)
      #expect((3.5...4.5).contains(length))
      #expect(stand.figure("lost in bursts", of: 1) == UInt64(lost.count))
    }

    @Test func aDelayIsExact() throws {
      let stand = try stand(["delay": "10us"])
      try run(200, through: stand)
      #expect(stand.sent().map(\.nanoseconds) == (0..<200).map { UInt64(1010 + $0) * 1000 })
      #expect(numbers(stand.sent()) == Array(0..<200))
      #expect(stand.figure("delayed", of: 1) == 200)
    }

    @Test func jitterKeepsTheOrderAndItsBounds() throws {
      let stand = try stand(["delay": "10us", "jitter": "3us"])
      try run(1000, through: stand)
      #expect(numbers(stand.sent()) == Array(0..<1000))
      let waits = stand.sent().enumerated().map { Int($1.nanoseconds) - (1000 + $0) * 1000 }
      #expect(waits.allSatisfy { (7000...13_000).contains($0) })
      #expect(waits.contains { $0 < 8000 } && waits.contains { $0 > 12_000 })
      #expect(
        zip(stand.sent(), stand.sent().dropFirst()).allSatisfy { $0.nanoseconds <= $1.nanoseconds })
    }

    @Test func jitterIsEvenlySpreadWherePacketsAreFarApart() throws {
      let stand = try stand(["delay": "400ns", "jitter": "400ns"])
      try run(4000, through: stand)
      let waits = stand.sent().enumerated().map { Int($1.nanoseconds) - (1000 + $0) * 1000 }
      #expect(waits.allSatisfy { (0...800).contains($0) })
      // Four standard deviations of a mean of 4,000 even ones are 15 ns.
      #expect(abs(waits.reduce(0, +) / waits.count - 400) <= 15)
    }

    @Test func somePacketsAreOvertaken() throws {
      let stand = try stand(["reorder": "10%", "reorder-delay": "5500ns"])
      try run(1000, through: stand)
      let sent = numbers(stand.sent())
      #expect(sent.sorted() == Array(0..<1000))
      let late = zip(stand.sent(), sent).filter { $0.nanoseconds != UInt64(1000 + $1) * 1000 }
      #expect(late.allSatisfy { $0.nanoseconds == UInt64(1000 + $1) * 1000 + 5500 })
      #expect((60...140).contains(late.count))
      #expect(stand.figure("reordered", of: 1) == UInt64(late.count))
      let punctual = sent.filter { number in !late.contains { $0.1 == number } }
      #expect(punctual == punctual.sorted())
    }

    @Test(
      arguments: [
        ["duplicate": "25%"], ["duplicate": "25%", "delay": "10us"],
        ["duplicate": "25%", "reorder": "100%", "reorder-delay": "5us"],
      ] as [KeyValuePairs<String, String>])
    func aCopyGoesOnBehindItsPacket(settings: KeyValuePairs<String, String>) throws {
      let stand = try stand(settings)
      // As a replay does where stages keep packets: one instant after the other.
      for number in 0..<400 {
        let now = UInt64(1000 + number) * 1000
        stand.release(until: now - 1)
        try stand.run(numbered(number..<number + 1), nanoseconds: now)
      }
      stand.release(until: .max - 1)
      stand.checkBalance()
      let sent = Array(zip(numbers(stand.sent()), stand.sent()))
      let copies = zip(sent, sent.dropFirst()).filter { $0.0 == $1.0 }
      #expect((60...140).contains(copies.count))
      #expect(stand.figure("duplicated", of: 1) == UInt64(copies.count))
      #expect(copies.allSatisfy { $0.1 == $1.1 })
      #expect(sent.count == 400 + copies.count)
      #expect(Set(sent.map(\.0)).count == 400)
    }

    @Test func aCopyGoesThroughTheStagesThatFollow() throws {
      let stand = try Stand(
        stage("parse"), stage("impair", ["duplicate": "100%"]),
        stage("count", ["name": "all"]),
        stage("drop", ["reason": "seen"], when: "ip.dscp == 1"), stage("send", ["port": "out"]))
      try stand.run(numbered(0..<3) + [packet("eth / ipv4 tos 4 / udp / 24B")])
      stand.release(until: .max - 1)
      #expect(numbers(stand.sent()) == [0, 1, 2, 0, 1, 2])
      #expect(stand.dropped == ["seen", "seen"])
      #expect(stand.figure("all packets", of: 2) == 8)
      stand.checkBalance()
    }

    @Test func aCopyThatFindsNoRoomIsNotMade() throws {
      let stand = try stand(["duplicate": "100%", "delay": "1ms", "capacity": "7"])
      try stand.run(numbered(0..<4))
      stand.release(until: .max - 1)
      #expect(numbers(stand.sent()) == [0, 0, 1, 1, 2, 2, 3])
      #expect(stand.figure("not duplicated: no room", of: 1) == 1)
      stand.checkBalance()
    }

    @Test func whatFindsNoRoomIsDropped() throws {
      let stand = try stand(["delay": "1ms", "capacity": "50"])
      try stand.run(numbered(0..<64))
      stand.release(until: .max - 1)
      #expect(stand.sent().count == 50)
      #expect(stand.dropped == Array(repeating: "impaired-full", count: 14))
      #expect(stand.figure("dropped: capacity", of: 1) == 14)
      stand.checkBalance()
    }

    @Test func keepingPacketsAllocatesNothing() throws {
      let stand = try stand(["delay": "10us", "jitter": "5us", "ce": "50%", "corrupt": "50%"])
      stand.output("out").records = false
      for round in 0..<20 {
        let start = UInt64(round) * 1_000_000
        try stand.run(numbered(0..<64), nanoseconds: start)
        stand.release(until: start + 500_000)
      }
      #expect(stand.allocations == 0)
      stand.checkBalance()
    }
  }
}
