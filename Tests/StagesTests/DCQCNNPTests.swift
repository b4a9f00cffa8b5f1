// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Settings
import Testing

extension Running {
  @Suite struct DCQCNNPTests {
    /// From the sender, whose queue pairs are 11, 12, ..., to the receiver with 21, 22, ...
    let wire = RoCEPackets()

    func stand(
      _ settings: KeyValuePairs<String, String> = ["port": "tap"], packets: Int = 511
    ) throws -> Stand {
      let stages = try [
        stage("parse"), stage("track-qps"), stage("dcqcn-np", settings),
        stage("send", ["port": "out"]),
      ]
      let stand = try Stand([PipelinePlan(name: "main", stages: stages)], packets: packets)
      for number: UInt32 in 1...3 {
        try stand.run(
          wire.connection(from: 10 + number, to: 20 + number, number), nanoseconds: 1)
      }
      return stand
    }

    func data(_ queuePair: UInt32) -> [UInt8] { marked(wire.send(to: queuePair, 1)) }

    /// The queue pairs that notifications were sent to.
    func notified(_ stand: Stand) -> [UInt8] {
      stand.sent("tap").compactMap { $0.bytes[42] == 0x81 ? $0.bytes[49] : nil }
    }

    func figure(_ name: String, _ stand: Stand) -> UInt64 { stand.figure(name, of: 2) ?? 0 }

    @Test func markedDataIsAnsweredToItsSender() throws {
      let stand = try stand()
      try stand.run([data(21)], nanoseconds: 5_000)
      #expect(notified(stand) == [11])
      let answer = try #require(stand.sent("tap").first)
      #expect(answer.nanoseconds == 5_000)
      #expect(answer.bytes.count == 74 && answer.wireLength == 74)
      // Addresses have changed places.
      #expect(Array(answer.bytes[26..<34]) == [10, 0, 0, 2, 10, 0, 0, 1])
      #expect(answer.stage == 2)
      stand.checkBalance()
    }

    @Test func oneIsSentInAnInterval() throws {
      let stand = try stand()
      for time: UInt64 in [5_000, 6_000, 8_999, 9_000, 12_999, 13_000] {
        try stand.run([data(21)], nanoseconds: time)
      }
      #expect(stand.sent("tap").map(\.nanoseconds) == [5_000, 9_000, 13_000])
      #expect(figure("CE seen", stand) == 6)
      #expect(figure("CNPs sent", stand) == 3)
      #expect(figure("suppressed by the interval", stand) == 3)
    }

    @Test(arguments: [("queue-pair", 2), ("address", 1), ("port", 1)])
    func intervalIsOfAQueuePairAnAddressOrAPort(per: String, count: Int) throws {
      let stand = try stand(["port": "tap", "per": per, "interval": "50us"])
      try stand.run([data(21), data(22), data(21), data(22)], nanoseconds: 5_000)
      #expect(notified(stand) == Array([11, 12].prefix(count)))
      try stand.run([data(22)], nanoseconds: 56_000)
      #expect(notified(stand).last == 12)
    }

    @Test func addressesAreToldApartAndPortsAreNot() throws {
      let other = RoCEPackets(source: "10.0.0.9")
      for (per, count) in [("address", 2), ("port", 1)] {
        let stand = try stand(["port": "tap", "per": per])
        try stand.run(other.connection(from: 19, to: 29, 9))
        try stand.run([data(21), marked(other.send(to: 29, 1))], nanoseconds: 5_000_000)
        #expect(notified(stand) == Array([11, 19].prefix(count)))
      }
    }

    @Test func whatIsNotMarkedDataIsNotAnswered() throws {
      let stand = try stand()
      try stand.run([
        wire.send(to: 21, 1), marked(wire.notify(21)), marked(wire.acknowledge(to: 21, 1)),
        packet("eth / ipv4 tos 3 / udp / 40B"), packet("eth / arp"),
      ])
      #expect(stand.sent("tap").isEmpty)
      #expect(figure("CE seen", stand) == 0)
    }

    @Test func senderThatIsNotKnownGetsNone() throws {
      let stand = try stand()
      try stand.run([data(99)])
      #expect(stand.sent("tap").isEmpty)
      #expect(figure("unpaired", stand) == 1)
    }

    @Test func emptyPoolCostsTheNotification() throws {
      let stand = try stand(packets: 64)
      let packets = (0..<64).map { $0 == 0 ? data(21) : wire.send(to: 22, 1) }
      try stand.run(packets, nanoseconds: 90_000)
      #expect(figure("no buffer", stand) == 1)
      // The interval has not begun.
      try stand.run([data(21)], nanoseconds: 90_001)
      #expect(notified(stand) == [11])
      stand.checkBalance()
    }

    @Test func queuePairsBeyondTheCapacityAreCounted() throws {
      let stand = try stand(["port": "tap", "capacity": "1"])
      try stand.run([data(21), data(22), data(23)])
      #expect(figure("not answered: beyond the capacity", stand) >= 2)
    }

    @Test func answersAllocateNothing() throws {
      let stand = try stand(["port": "tap", "interval": "0us"])
      for port in Stand.ports { stand.output(port).records = false }
      let burst = (0..<64).map { data(21 + UInt32($0 % 3)) }
      var before: UInt64 = 0
      for round: UInt64 in 1...203 {
        if round == 4 { before = stand.allocations }
        try stand.run(burst, nanoseconds: round * 1_000_000)
      }
      #expect(stand.allocations == before)
      #expect(figure("CNPs sent", stand) == 203 * 64)
    }
  }
}
