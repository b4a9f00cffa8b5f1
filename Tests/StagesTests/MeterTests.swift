// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Settings
import Testing
import Wire

extension Running {
  @Suite struct MeterTests {
    /// Packets of 1,000 bytes of IP, which come 1 us apart.
    private static let thousand = packet("eth / ipv4 10.0.0.1 > 10.0.0.2 / udp / 972B")

    func stand(_ settings: KeyValuePairs<String, String>, _ rest: StagePlan...) throws -> Stand {
      let stages =
        try [stage("parse"), stage("meter", settings)] + rest + [stage("send", ["port": "out"])]
      return try Stand([PipelinePlan(name: "main", stages: stages)])
    }

    func colors(of stand: Stand) -> [UInt64?] {
      ["green", "yellow", "red"].map { stand.figure($0, of: 1) }
    }

    @Test func colorsFollowTheBucketsOfTheSingleRate() throws {
      // 8 Gbit/s are 1,000 bytes a microsecond: each packet comes when the last one's are back.
      let stand = try stand(["cir": "4Gbps", "cbs": "2KB", "ebs": "3KB"])
      try stand.run(Array(repeating: Self.thousand, count: 20))
      // Half of the packets find their tokens, and the buckets hold five more.
      #expect(colors(of: stand) == [11, 3, 6])
      #expect(stand.figure("green bytes", of: 1) == 11_000)
      #expect(stand.sent().count == 20)
      stand.checkBalance()
    }

    @Test func laterConditionsSeeTheColor() throws {
      let stand = try stand(
        ["cir": "8bps", "cbs": "2KB", "ebs": "1KB"],
        stage("drop", ["reason": "yellow"], when: "color == yellow"),
        stage("drop", ["reason": "red"], when: "color == red"))
      try stand.run(Array(repeating: Self.thousand, count: 5))
      #expect(stand.dropped == ["yellow", "red", "red"])
      #expect(stand.sent().count == 2)
      stand.checkBalance()
    }

    @Test func colorsAreDroppedAndMarkedAsAsked() throws {
      let marks = try SettingValues(
        [Setting<Int?>.integer("yellow", in: 0...63, "")], ["yellow": "28"])
      guard let type = StageRegistry.standard["meter"] else { return }
      var settings = try SettingValues(
        type.description.settings,
        ["cir": "8bps", "cbs": "2KB", "ebs": "1KB", "red": "drop"])
      settings.give(.record(marks), to: "dscp", at: nil)
      let stand = try Stand(
        stage("parse"), stage("meter", settings), stage("send", ["port": "out"]))
      try stand.run(Array(repeating: Self.thousand, count: 4))
      #expect(stand.sent().map { $0.bytes[15] >> 2 } == [0, 0, 28])
      #expect(stand.sent().flatMap { wrongChecksums(in: $0.bytes) } == [])
      #expect(stand.dropped == ["meter-red"])
      stand.checkBalance()
    }

    @Test func colorAwareMetersMakeNoColorBetter() throws {
      let first = try stage("meter", ["cir": "8bps", "cbs": "1KB", "ebs": "1KB"])
      for (isAware, expected) in [("true", [1, 1, 2]), ("false", [4, 0, 0])] {
        let stand = try Stand(
          stage("parse"), first,
          stage(
            "meter", ["cir": "8bps", "cbs": "1MB", "ebs": "1MB", "color-aware": isAware]),
          stage("send", ["port": "out"]))
        try stand.run(Array(repeating: Self.thousand, count: 4))
        let colors = ["green", "yellow", "red"].map { stand.figure($0, of: 2) }
        #expect(colors == expected.map { UInt64($0) })
        stand.checkBalance()
      }
    }

    @Test func twoRatesNeedTheirPeak() throws {
      let stand = try stand([
        "type": "trtcm", "cir": "8bps", "cbs": "2KB", "pir": "8Kbps", "pbs": "3KB",
      ])
      try stand.run(Array(repeating: Self.thousand, count: 4))
      // A second later the peak rate has brought 1,000 bytes, and the committed one a single byte.
      try stand.run([Self.thousand], nanoseconds: 1_000_000 + 1_000_000_000)
      #expect(colors(of: stand) == [2, 2, 1])
      stand.checkBalance()
    }

    @Test func bothRatesOfRFC4115AreApart() throws {
      let stand = try stand([
        "type": "trtcm-rfc4115", "cir": "8bps", "cbs": "2KB", "eir": "8Kbps", "ebs": "3KB",
      ])
      try stand.run(Array(repeating: Self.thousand, count: 7))
      #expect(colors(of: stand) == [2, 3, 2])
      stand.checkBalance()
    }

    @Test(arguments: [
      ("ip", "eth / ipv4 / udp / 72B", 100), ("frame", "eth / ipv4 / udp / 72B", 114),
      ("wire", "eth / ipv4 / udp / 72B", 138), ("ip", "eth / ipv6 / udp / 52B", 100),
      ("ip", "eth / vlan 5 / ipv4 / udp / 72B", 100),
      ("frame", "eth / vlan 5 / ipv4 / udp / 72B", 118), ("ip", "eth / arp", 28),
    ])
    func packetsCountForWhatIsAskedFor(count: String, words: String, bytes: UInt64) throws {
      let stand = try stand(["cir": "8bps", "cbs": "10KB", "count": count])
      try stand.run([packet(words)])
      #expect(stand.figure("green bytes", of: 1) == bytes)
    }

    @Test func paddingIsNotCountedAndWhatACaptureCutIs() throws {
      let stand = try stand(["cir": "8bps", "cbs": "10KB"])
      let short = packet("eth / ipv4 / udp / 2B")
      try stand.run([short + [UInt8](repeating: 0, count: 60 - short.count)])
      #expect(stand.figure("green bytes", of: 1) == 30)
      try stand.run([Array(Self.thousand.prefix(60))], wireLength: 1014)
      #expect(stand.figure("green bytes", of: 1) == 1030)
    }

    @Test func unparsedPacketsAreCountedWhole() throws {
      let stand = try Stand(
        stage("meter", ["cir": "8bps", "cbs": "10KB"]), stage("send", ["port": "out"]))
      try stand.run([Self.thousand])
      #expect(stand.figure("green bytes") == 1014)
    }

    @Test func burstsWithoutEndAskForNoMemory() throws {
      let stand = try stand(
        ["cir": "4Gbps", "cbs": "2KB", "ebs": "3KB", "red": "drop"],
        stage("map-priority", ["map": "sonic-azure"]),
        stage("police", ["packet-rate": "100Kpps", "packet-burst": "9"]))
      for output in [stand.output("out"), stand.drops] { output.records = false }
      let burst = Array(repeating: Self.thousand, count: 64)
      for round in 0..<200 { try stand.run(burst, nanoseconds: UInt64(round) * 64_000) }
      #expect(stand.allocations == 0)
      stand.checkBalance()
    }
  }
}
