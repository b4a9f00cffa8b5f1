// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Settings
import Testing

extension Running {
  @Suite struct DCQCNRPTests {
    /// From the sender that is paced, with queue pairs 11, 12, ..., to 21, 22, ...
    let wire = RoCEPackets()

    /// An adapter between its host, port 0, and the network, port 2. Three queue pairs are known.
    func adapter(_ settings: KeyValuePairs<String, String>) throws -> Stand {
      let pairs = try stage("track-qps", shared: "pairs")
      let sender = try stage("dcqcn-rp", settings, shared: "sender")
      let stages = try [stage("parse"), pairs, sender]
      let stand = try Stand([
        PipelinePlan(
          name: "from-host",
          stages: stages + [
            stage("shown-rate", in: ShownRate.registry), stage("send", ["port": "out"]),
          ]),
        PipelinePlan(name: "from-wire", stages: stages + [stage("send", ["port": "in"])]),
      ])
      for number: UInt32 in 1...3 {
        try connect(stand, 10 + number, 20 + number, number)
      }
      stand.release(until: 1_000)
      return stand
    }

    func connect(
      _ stand: Stand, _ mine: UInt32, _ other: UInt32, _ identifier: UInt32, at time: UInt64 = 1
    ) throws {
      let messages = wire.connection(from: mine, to: other, identifier)
      try stand.run([messages[0]], nanoseconds: time)
      try stand.run([messages[1]], entry: 1, from: 2, nanoseconds: time)
    }

    /// A packet comes after what is due before it, as in a replay.
    func run(_ stand: Stand, _ packet: [UInt8], _ time: UInt64, fromWire: Bool = false) throws {
      stand.release(until: time)
      try stand.run(
        [packet], entry: fromWire ? 1 : 0, from: fromWire ? 2 : 0, nanoseconds: time)
    }

    func notify(_ stand: Stand, _ queuePair: UInt32, _ time: UInt64) throws {
      try run(stand, wire.back.notify(queuePair), time, fromWire: true)
    }

    /// When data went out, by its sequence number.
    func times(_ stand: Stand) -> [UInt64] {
      stand.sent().filter { $0.bytes[42] == 0x04 }.map(\.nanoseconds)
    }

    func sequences(_ stand: Stand) -> [UInt8] {
      stand.sent().filter { $0.bytes[42] == 0x04 }.map { $0.bytes[53] }
    }

    func figure(_ name: String, _ stand: Stand) -> UInt64 { stand.figure(name, of: 2) ?? 0 }

    static let paper: KeyValuePairs<String, String> = ["rate": "10Gbps", "preset": "paper"]

    @Test func withoutNotificationsEverythingPasses() throws {
      let stand = try adapter(Self.paper)
      for time: UInt64 in 0..<5 { try run(stand, wire.send(to: 21, 1), 10_000 + time) }
      #expect(times(stand) == [10_000, 10_001, 10_002, 10_003, 10_004])
      #expect(figure("delayed packets", stand) == 0)
      stand.checkBalance()
    }

    @Test func notifiedQueuePairIsPacedToTheNanosecond() throws {
      let stand = try adapter(Self.paper)
      try notify(stand, 11, 10_000)
      // 66 bytes and 24 that a frame takes beside them, at half of 10 Gbit/s: 144 ns.
      for number: UInt32 in 0..<5 { try run(stand, wire.send(to: 21, number), 20_000) }
      stand.release(until: .max - 1)
      #expect(times(stand) == [20_000, 20_144, 20_288, 20_432, 20_576])
      #expect(sequences(stand) == [0, 1, 2, 3, 4])
      #expect(figure("CNPs handled", stand) == 1)
      #expect(figure("rate decreases", stand) == 1)
      #expect(figure("delayed packets", stand) == 4)
      #expect(figure("most packets held", stand) == 4)
      #expect(figure("lowest rate", stand) == 5_000_000_000)
      stand.checkBalance()
    }

    @Test func fractionsOfNanosecondsAddUp() throws {
      let stand = try adapter(["rate": "100Gbps", "preset": "paper"])
      try notify(stand, 11, 10_000)
      // 720 bits at 50 Gbit/s are 14.4 ns: 0, 14.4, 28.8, 43.2, 57.6, 72.
      for number: UInt32 in 0..<6 { try run(stand, wire.send(to: 21, number), 20_000) }
      stand.release(until: .max - 1)
      #expect(times(stand) == [20_000, 20_015, 20_029, 20_044, 20_058, 20_072])
    }

    @Test func otherQueuePairsGoOnAsTheyWere() throws {
      let stand = try adapter(Self.paper)
      try notify(stand, 11, 10_000)
      for number: UInt32 in 0..<4 {
        try run(stand, wire.send(to: number % 2 == 0 ? 21 : 22, number), 20_000)
      }
      try run(stand, wire.acknowledge(to: 21, 1), 20_000)
      #expect(times(stand) == [20_000, 20_000, 20_000])
      #expect(sequences(stand) == [0, 1, 3])
      #expect(stand.sent().last?.bytes[42] == 0x11)
      stand.release(until: .max - 1)
      #expect(sequences(stand) == [0, 1, 3, 2])
      stand.checkBalance()
    }

    @Test func orderStaysWhenTheRateHasRecovered() throws {
      let stand = try adapter([
        "rate": "10Gbps", "preset": "hpcc", "rate-increment-time": "1us",
        "initial-rate-after-first-cnp": "100Mbps",
      ])
      try notify(stand, 11, 10_000)
      for number: UInt32 in 0..<200 { try run(stand, wire.send(to: 21, number), 20_000) }
      // At 100 Mbit/s they would take 1.4 ms.
      for number: UInt32 in 200..<220 {
        try run(stand, wire.send(to: 21, number), 500_000 + UInt64(number))
      }
      stand.release(until: .max - 1)
      #expect(sequences(stand) == Array(0..<220))
      #expect(times(stand) == times(stand).sorted())
      try run(stand, wire.send(to: 21, 221), 2_000_000_000)
      #expect(figure("limited queue pairs", stand) == 0)
      stand.checkBalance()
    }

    @Test func rateRisesAgainAndTheBoardShowsIt() throws {
      let stand = try adapter(Self.paper)
      try notify(stand, 11, 10_000)
      try run(stand, wire.send(to: 21, 1), 20_000)
      #expect(stand.figure("rate", of: 3) == 5_000_000_000)
      // Increases at 65 and 120 us: half the way each.
      try run(stand, wire.send(to: 21, 1), 120_000)
      #expect(stand.figure("rate", of: 3) == 8_750_000_000)
      try run(stand, wire.send(to: 22, 1), 120_000)
      #expect(stand.figure("rate", of: 3) == nil)
      try run(stand, wire.send(to: 21, 1), 1_000_000_000)
      #expect(stand.figure("rate", of: 3) == nil)
      #expect(figure("limited queue pairs", stand) == 0)
    }

    @Test func notificationOfNoKnownPairIsCounted() throws {
      let stand = try adapter(Self.paper)
      try notify(stand, 77, 10_000)
      #expect(figure("unpaired CNPs", stand) == 1)
      #expect(figure("limited queue pairs", stand) == 0)
      #expect(stand.sent("in").last?.bytes[42] == 0x81)
    }

    @Test func handledNotificationsMayBeTakenOff() throws {
      let stand = try adapter(["rate": "10Gbps", "consume-cnps": "true"])
      try notify(stand, 11, 10_000)
      #expect(stand.dropped == ["cnp-consumed"])
    }

    @Test func whatAQueuePairMayKeepIsBounded() throws {
      let stand = try adapter([
        "rate": "10Gbps", "preset": "paper", "packets-per-queue-pair": "2", "packets": "3",
      ])
      try notify(stand, 11, 10_000)
      try notify(stand, 12, 10_000)
      for number: UInt32 in 0..<5 { try run(stand, wire.send(to: 21, number), 20_000) }
      #expect(stand.dropped == ["rate-limited", "rate-limited"])
      for number: UInt32 in 0..<5 { try run(stand, wire.send(to: 22, number), 20_000) }
      #expect(stand.dropped.count == 5)
      stand.release(until: .max - 1)
      #expect(times(stand).count == 5)
      stand.checkBalance()
    }

    @Test func newConnectionIsNotLimitedByTheOldOne() throws {
      let stand = try adapter([
        "rate": "10Gbps", "preset": "paper", "rate-increment-time": "10s",
      ])
      try notify(stand, 11, 10_000)
      for number: UInt32 in 0..<3 { try run(stand, wire.send(to: 21, number), 20_000) }
      stand.release(until: .max - 1)
      try connect(stand, 11, 21, 9, at: 30_000)
      for number: UInt32 in 3..<6 { try run(stand, wire.send(to: 21, number), 40_000) }
      #expect(Array(times(stand).suffix(3)) == [40_000, 40_000, 40_000])
    }

    @Test func pacingAllocatesNothing() throws {
      let stand = try adapter(Self.paper)
      for port in Stand.ports { stand.output(port).records = false }
      let burst = (0..<9).map { wire.send(to: 21 + UInt32($0 % 3), 1) }
      var before: UInt64 = 0
      for round: UInt64 in 0..<300 {
        if round == 10 { before = stand.allocations }
        let time = 100_000 + round * 50_000
        for queuePair: UInt32 in 11...13 { try notify(stand, queuePair, time) }
        try stand.run(burst, nanoseconds: time)
        stand.release(until: time + 49_000)
      }
      #expect(stand.allocations == before)
      stand.release(until: .max - 1)
      #expect(figure("delayed packets", stand) > 1_000)
      stand.checkBalance()
    }

    @Test(
      arguments: [
        ["rate": "10Gbps", "minimum-rate-limit": "20Gbps"],
        ["rate": "10Mbps", "preset": "paper"],
        ["rate": "10Gbps", "preset": "paper", "rate-reduction-time-period": "4us"],
        ["rate": "10Gbps", "initial-rate-after-first-cnp": "11Gbps"],
        ["rate": "10Gbps", "initial-rate-after-first-cnp": "10Kbps"],
        ["rate": "10Gbps", "rate-increment-byte-counter": "100B"],
        ["rate": "10Gbps", "alpha-g": "1024"], ["rate": "10Gbps", "rate-increment-threshold": "0"],
        ["rate": "10Gbps", "maximum-rate-decrement": "101%"], [:],
      ] as [[String: String]])
    func settingsThatMakeNoSenseAreRefused(settings: [String: String]) throws {
      let type = try #require(StageRegistry.standard["dcqcn-rp"])
      #expect(throws: (any Error).self) {
        var values = try SettingValues(type.description.settings, ["rate": "10Gbps"])
        if settings.isEmpty { values = try SettingValues(type.description.settings) }
        for (name, text) in settings {
          let setting = try #require(type.description.settings.first { $0.name == name })
          values.give(try setting.kind.parse(text[...]), to: name, at: nil)
        }
        _ = try Stand(stage("dcqcn-rp", values), stage("send", ["port": "out"]))
      }
    }
  }
}
