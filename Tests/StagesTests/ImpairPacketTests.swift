// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Settings
import Testing

extension Running {
  /// What `impair` writes into packets, and what it refuses.
  @Suite struct ImpairPacketTests {
    private func differences(_ one: [UInt8], _ other: [UInt8]) -> [Int] {
      one.indices.flatMap { place in
        (0..<8).filter { (one[place] ^ other[place]) >> UInt8($0) & 1 != 0 }.map { place * 8 + $0 }
      }
    }

    @Test func oneBitOfADamagedPacketIsOtherAndItsICRCIsBad() throws {
      let stand = try Stand(
        stage("parse"), stage("verify-icrc"), stage("impair", ["corrupt": "100%"]),
        stage("verify-icrc", ["bad": "drop"]), stage("send", ["port": "out"]))
      for _ in 0..<20 { try stand.run(Array(repeating: ICRCTests.good, count: 50)) }
      #expect(stand.figure("good", of: 1) == 1000)
      #expect(stand.figure("corrupted", of: 2) == 1000)
      #expect(stand.figure("bad", of: 3) == 1000)
      let bits = stand.drops.departures.map { differences($0.bytes, ICRCTests.good) }
      #expect(bits.allSatisfy { $0.count == 1 })
      // Behind the base transport header, which ends at byte 54; each of 96 bits was met.
      let met = Set(bits.compactMap(\.first))
      #expect(met == Set(54 * 8..<ICRCTests.good.count * 8))
      stand.checkBalance()
    }

    @Test func damageOfOthersIsBehindTheirHeaders() throws {
      let stand = try Stand(
        stage("parse"), stage("impair", ["corrupt": "100%"]), stage("send", ["port": "out"]))
      let udp = packet("eth / ipv4 / udp / 40B")
      let bare = packet("eth / ipv4 / tcp / 0B")
      try stand.run([udp, bare, packet("eth / arp")])
      let sent = stand.sent().map(\.bytes)
      #expect(wrongChecksums(in: sent[0]) == ["udp"])
      #expect(wrongChecksums(in: sent[1]) == ["tcp"])
      #expect(differences(sent[0], udp).allSatisfy { $0 >= 42 * 8 })
      #expect(differences(sent[1], bare).allSatisfy { $0 >= 34 * 8 })
      stand.checkBalance()
    }

    @Test(arguments: ["ipv4", "ipv6"])
    func onlyPacketsThatAreECNCapableAreMarked(version: String) throws {
      let stand = try Stand(
        stage("parse"), stage("impair", ["ce": "100%"]), stage("send", ["port": "out"]))
      try stand.run((0..<4).map { packet("eth / \(version) tos \(104 | $0) / udp / 9B") })
      let expected = [104, 107, 107, 107].map { packet("eth / \(version) tos \($0) / udp / 9B") }
      #expect(stand.sent().map(\.bytes) == expected)
      #expect(stand.figure("marked CE", of: 1) == 2)
      stand.checkBalance()
    }

    @Test func aGuardSparesOtherPackets() throws {
      let stand = try Stand(
        stage("parse"), stage("impair", ["loss": "100%"], when: "tcp"),
        stage("send", ["port": "out"]))
      try stand.run([packet("eth / ipv4 / tcp / 9B"), packet("eth / ipv4 / udp / 9B")])
      #expect(stand.sent().count == 1)
      #expect(stand.figure("lost", of: 1) == 1)
    }

    @Test(
      arguments: [
        [:], ["loss": "0%"], ["capacity": "9"], ["jitter": "1us"],
        ["delay": "1us", "jitter": "2us"], ["reorder": "1%"],
        ["loss": "1%", "reorder-delay": "1us"],
        ["duplicate": "0%"], ["loss": "101%"],
        ["psns": "[16777216]"], ["psns": "[]"], ["every": "0"],
      ] as [[String: String]])
    func settingsThatMakeNoSenseAreRefused(settings: [String: String]) throws {
      let type = try #require(StageRegistry.standard["impair"])
      #expect(throws: (any Error).self) {
        var values = try SettingValues(type.description.settings)
        for (name, text) in settings {
          let setting = try #require(type.description.settings.first { $0.name == name })
          values.give(try setting.kind.parse(text), to: name, at: nil)
        }
        _ = try Stand(stage("impair", values), stage("send", ["port": "out"]))
      }
    }
  }
}
