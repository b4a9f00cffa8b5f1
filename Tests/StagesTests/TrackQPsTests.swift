// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Settings
import Testing

extension Running {
  @Suite struct TrackQPsTests {
    let wire = RoCEPackets()

    func stand(_ settings: KeyValuePairs<String, String> = [:]) throws -> Stand {
      try Stand(
        stage("parse"), stage("track-qps", settings),
        stage("found", ["what": "qp"], in: FoundFlows.registry), stage("send", ["port": "out"]))
    }

    func figure(_ name: String, _ stand: Stand) -> UInt64 { stand.figure(name, of: 1) ?? 0 }

    @Test func eachPacketGetsItsQueuePair() throws {
      let stand = try stand()
      let udp = packet("eth / ipv4 / udp / 64B")
      try stand.run([wire.send(to: 5, 1), udp, wire.send(to: 6, 1), wire.send(to: 5, 2)])
      #expect(stand.sent().map(FoundFlows.packets) == [2, nil, 1, 2])
      #expect(figure("in use", stand) == 2)
      stand.checkBalance()
    }

    @Test func queuePairsOfOtherAddressesAreOthers() throws {
      let stand = try stand()
      let others = [
        RoCEPackets(source: "10.0.0.3"), RoCEPackets(destination: "10.0.0.3"), wire.back,
        RoCEPackets(source: "2001:db8::1", destination: "2001:db8::2"),
        RoCEPackets(source: "2001:db8::2", destination: "2001:db8::1"),
      ]
      try stand.run(others.map { $0.send(to: 5, 1) } + [wire.send(to: 5, 1)])
      #expect(figure("in use", stand) == 6)
    }

    @Test func answersPairTheDirections() throws {
      let stand = try stand()
      // Where numbers wrap, and one answer for two requests.
      for sequence in [0xff_fffe, 0xff_ffff, 1, 2] as [UInt32] {
        try stand.run([wire.send(to: 5, sequence), wire.back.acknowledge(to: 9, sequence)])
      }
      #expect(figure("paired by sequence numbers", stand) == 1)
    }

    @Test func directionsOfIPv6ArePairedToo() throws {
      let stand = try stand()
      let wire = RoCEPackets(source: "2001:db8::1", destination: "2001:db8::2")
      for sequence in 1...3 as ClosedRange<UInt32> {
        try stand.run([wire.send(to: 5, sequence), wire.back.acknowledge(to: 9, sequence)])
      }
      #expect(figure("paired by sequence numbers", stand) == 1)
    }

    @Test func twoAnswersAreNotEnough() throws {
      let stand = try stand()
      for sequence in 1...2 as ClosedRange<UInt32> {
        try stand.run([wire.send(to: 5, sequence), wire.back.acknowledge(to: 9, sequence)])
      }
      #expect(figure("paired by sequence numbers", stand) == 0)
    }

    @Test func anAnswerSentAgainIsNoSecondOne() throws {
      let stand = try stand()
      try stand.run(
        [wire.send(to: 5, 1)] + Array(repeating: wire.back.acknowledge(to: 9, 1), count: 9))
      #expect(figure("paired by sequence numbers", stand) == 0)
    }

    @Test func queuePairsInStepAreNotPaired() throws {
      let stand = try stand()
      for sequence in 1...9 as ClosedRange<UInt32> {
        try stand.run([
          wire.send(to: 5, sequence), wire.send(to: 6, sequence),
          wire.back.acknowledge(to: 8, sequence), wire.back.acknowledge(to: 9, sequence),
        ])
      }
      #expect(figure("paired by sequence numbers", stand) == 0)
    }

    @Test func answersAfterASecondAreNone() throws {
      let stand = try stand()
      for sequence in 1...5 as ClosedRange<UInt32> {
        let time = UInt64(sequence) * 10_000_000_000
        try stand.run([wire.send(to: 5, sequence)], nanoseconds: time)
        try stand.run([wire.back.acknowledge(to: 9, sequence)], nanoseconds: time + 1_100_000_000)
      }
      #expect(figure("paired by sequence numbers", stand) == 0)
    }

    @Test func anotherConnectionOfAQueuePairTakesThePairApart() throws {
      let stand = try stand()
      for sequence in 1...3 as ClosedRange<UInt32> {
        try stand.run([wire.send(to: 5, sequence), wire.back.acknowledge(to: 9, sequence)])
      }
      // In a millisecond in which pairs are looked at.
      for sequence in 11...13 as ClosedRange<UInt32> {
        try stand.run(
          [wire.send(to: 6, sequence), wire.back.acknowledge(to: 9, sequence)],
          nanoseconds: 64 << 20)
      }
      #expect(figure("unpaired: contradicted", stand) == 1)
      #expect(figure("paired by sequence numbers", stand) == 2)
    }

    @Test func theConnectionManagerPairsBeforeTheFirstPacket() throws {
      let stand = try stand()
      try stand.run([
        wire.connect(from: 9, 77), wire.back.reply(from: 5, to: 77), wire.send(to: 5, 1),
        wire.back.acknowledge(to: 9, 1),
      ])
      #expect(figure("paired by connection manager", stand) == 1)
      #expect(stand.sent().map(FoundFlows.packets) == [1, 1, 1, 1])
      #expect(figure("in use", stand) == 4)
    }

    @Test func messagesSentAgainChangeNothing() throws {
      let stand = try stand()
      let messages = [wire.connect(from: 9, 77), wire.back.reply(from: 5, to: 77)]
      try stand.run(messages + [wire.send(to: 5, 1)] + messages + [wire.send(to: 5, 2)])
      #expect(figure("paired by connection manager", stand) == 1)
      #expect(figure("begun anew: connected again", stand) == 0)
      #expect(stand.sent().last.flatMap(FoundFlows.packets) == 2)
    }

    @Test func aQueuePairThatIsConnectedAgainBeginsAnew() throws {
      let stand = try stand()
      try stand.run([wire.connect(from: 9, 77), wire.back.reply(from: 5, to: 77)])
      try stand.run([wire.send(to: 5, 1), wire.send(to: 5, 2)])
      try stand.run([
        wire.connect(from: 9, 78), wire.back.reply(from: 5, to: 78), wire.send(to: 5, 900),
      ])
      #expect(stand.sent().last.flatMap(FoundFlows.packets) == 1)
      #expect(figure("paired by connection manager", stand) == 2)
    }

    @Test func aConnectionThatWasEndedKeepsItsCountersUntilTheNextPacket() throws {
      let stand = try stand()
      try stand.run([wire.connect(from: 9, 77), wire.back.reply(from: 5, to: 77)])
      try stand.run([wire.send(to: 5, 1), wire.send(to: 5, 2), wire.disconnect(5)])
      #expect(figure("begun anew: connected again", stand) == 0)
      try stand.run([wire.send(to: 5, 3), wire.send(to: 5, 4), wire.back.acknowledge(to: 9, 3)])
      #expect(stand.sent().suffix(3).map(FoundFlows.packets) == [2, 2, 1])
      #expect(figure("begun anew: connected again", stand) == 2)
    }

    @Test func aFullTableCountsWhatItPasses() throws {
      let stand = try stand(["capacity": "2", "when-full": "pass"])
      try stand.run([wire.send(to: 1, 1), wire.send(to: 2, 1), wire.send(to: 3, 1)])
      #expect(stand.sent().map(FoundFlows.packets) == [1, 1, nil])
      #expect(figure("not tracked: table full", stand) == 1)
      #expect(figure("capacity", stand) == 2)
    }

    @Test func burstsAllocateNothing() throws {
      let stand = try stand(["capacity": "100", "idle": "1ms"])
      stand.output("out").records = false
      let messages = [
        wire.connect(from: 9, 77), wire.back.reply(from: 5, to: 77), wire.disconnect(5),
      ]
      for round in 0..<300 as Range<UInt32> {
        let before = stand.allocations
        let data = (0..<30).map { wire.send(to: round &* 7 &+ $0, round) }
        let answers = (0..<30).map { wire.back.acknowledge(to: round &+ $0, round) }
        try stand.run(data + messages + answers, nanoseconds: UInt64(round) << 18)
        if round > 2 { #expect(stand.allocations == before) }
      }
      #expect(figure("evicted", stand) > 0)
    }
  }
}
