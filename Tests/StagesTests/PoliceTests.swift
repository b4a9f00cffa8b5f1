// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Settings
import Testing

extension Running {
  @Suite struct PoliceTests {
    private static let thousand = packet("eth / ipv4 10.0.0.1 > 10.0.0.2 / udp / 972B")

    func stand(_ settings: KeyValuePairs<String, String>) throws -> Stand {
      try Stand(stage("parse"), stage("police", settings), stage("send", ["port": "out"]))
    }

    @Test func whatExceedsRateAndBurstIsDropped() throws {
      // 4 Gbit/s are half a packet each microsecond.
      let stand = try stand(["rate": "4Gbps", "burst": "3KB"])
      try stand.run(Array(repeating: Self.thousand, count: 40))
      // Until the last one comes there are 3,000 and 39 times 500 bytes.
      #expect(stand.dropped == Array(repeating: "policed", count: 18))
      #expect(stand.figure("passed", of: 1) == 22)
      #expect(stand.figure("passed bytes", of: 1) == 22_000)
      #expect(stand.figure("excess bytes", of: 1) == 18_000)
      #expect(stand.counters(1).dropped == 18)
      stand.checkBalance()
    }

    @Test func packetsAreCountedWhereTheRateIsOfPackets() throws {
      let stand = try stand([
        "packet-rate": "500Kpps", "packet-burst": "3", "reason": "too-many",
      ])
      let sizes = [60, 1400, 200, 900]
      try stand.run((0..<40).map { packet("eth / ipv4 / udp / \(sizes[$0 % 4])B") })
      #expect(stand.dropped == Array(repeating: "too-many", count: 18))
      #expect(stand.figure("passed", of: 1) == 22)
      stand.checkBalance()
    }

    @Test func aPauseFillsTheBurstAgain() throws {
      let stand = try stand(["rate": "8Mbps", "burst": "2KB"])
      for second: UInt64 in 1...3 {
        try stand.run(
          Array(repeating: Self.thousand, count: 5), nanoseconds: second * 1_000_000_000)
      }
      #expect(stand.figure("passed", of: 1) == 6)
      #expect(stand.dropped.count == 9)
      stand.checkBalance()
    }

    @Test(
      arguments: [
        [:], ["rate": "1Gbps"], ["burst": "1KB"], ["packet-rate": "1Kpps"],
        ["rate": "1Gbps", "burst": "1KB", "packet-rate": "1Kpps"],
        ["rate": "1Gbps", "burst": "1KB", "packet-burst": "4"],
        ["packet-rate": "1Kpps", "burst": "1KB"],
      ] as [[String: String]])
    func settingsThatDoNotGoTogetherAreRefused(settings: [String: String]) throws {
      let type = try #require(StageRegistry.standard["police"])
      var values = try SettingValues(type.description.settings)
      for (name, text) in settings {
        let setting = try #require(type.description.settings.first { $0.name == name })
        values.give(try setting.kind.parse(text[...]), to: name, at: nil)
      }
      #expect(throws: (any Error).self) {
        try Stand(stage("police", values), stage("send", ["port": "out"]))
      }
    }
  }
}
