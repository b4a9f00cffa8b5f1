// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Settings
import Testing
import Wire

extension Running {
  @Suite struct MapPriorityTests {
    /// Each priority has a port of its own.
    func stand(_ map: StagePlan) throws -> Stand {
      let sends = try (0..<8).map {
        try stage("send", ["port": "p\($0)"], when: "priority == \($0)")
      }
      return try Stand(
        [PipelinePlan(name: "main", stages: [stage("parse"), map] + sends)],
        ports: ["in"] + (0..<8).map { "p\($0)" })
    }

    func stand(_ settings: KeyValuePairs<String, String>) throws -> Stand {
      try stand(stage("map-priority", settings))
    }

    /// The priorities that these packets get, in their order.
    func priorities(_ stand: Stand, _ words: [String]) throws -> [Int] {
      for (number, packetWords) in words.enumerated() {
        try stand.run([packet(packetWords)], nanoseconds: UInt64(number + 1) * 1_000_000)
      }
      let sent = (0..<8).flatMap { priority in
        stand.sent("p\(priority)").map { (time: $0.nanoseconds, priority: priority) }
      }
      stand.checkBalance()
      return sent.sorted { $0.time < $1.time }.map(\.priority)
    }

    private static let everyDSCP = (0..<64).map { "eth / ipv4 tos \($0 * 4 + 2) / udp / 8B" }
    private static let everyDSCPOfIPv6 = (0..<64).map {
      "eth / ipv6 tos \($0 * 4 + 1) / udp / 8B"
    }
    private static let everyPCP = (0..<8).map { "eth / vlan 5 pcp \($0) / arp" }

    @Test(arguments: [everyDSCP, everyDSCPOfIPv6])
    func theMapOfAdaptersTakesTheUpperBits(packets: [String]) throws {
      let stand = try stand(["map": "roce-dscp26"])
      let found = try priorities(stand, packets)
      #expect(found == (0..<64).map { $0 / 8 })
      #expect(found[26] == 3 && found[48] == 6)
    }

    @Test(arguments: [everyDSCP, everyDSCPOfIPv6])
    func theMapOfSONiCIsItsDefault(packets: [String]) throws {
      var expected = Array(repeating: 1, count: 64)
      for (dscp, priority) in [3: 3, 4: 4, 5: 2, 8: 0, 46: 5, 48: 6] {
        expected[dscp] = priority
      }
      #expect(try priorities(stand(["map": "sonic-azure"]), packets) == expected)
    }

    @Test func taggedPacketsWithoutDSCPGoByTheirPCP() throws {
      #expect(try priorities(stand(["map": "roce-dscp26"]), Self.everyPCP) == Array(0..<8))
      let azure = try priorities(stand(["map": "sonic-azure"]), Self.everyPCP)
      #expect(azure == [1, 0, 2, 3, 4, 5, 6, 7])
    }

    @Test(arguments: [
      ("dscp-then-pcp", [3, 5, 7, 7]), ("dscp", [3, 7, 7, 3]), ("pcp", [5, 5, 7, 7]),
    ])
    func whatIsTrustedIsLookedAt(trust: String, expected: [Int]) throws {
      let stand = try stand(["map": "roce-dscp26", "trust": trust, "default": "7"])
      let found = try priorities(
        stand,
        [
          "eth / vlan 5 pcp 5 / ipv4 tos 104 / udp / 8B", "eth / vlan 5 pcp 5 / arp", "eth / arp",
          "eth / ipv4 tos 104 / udp / 8B",
        ])
      // An untagged IP packet has nothing to go by where only tags are trusted.
      let last = trust == "pcp" ? 7 : 3
      #expect(found == Array(expected.prefix(3)) + [last])
    }

    func settings(
      _ texts: KeyValuePairs<String, String>, dscp: [([Int], Int?)]
    ) throws -> SettingValues {
      let type = try #require(StageRegistry.standard["map-priority"])
      var settings = try SettingValues(type.description.settings, texts)
      let records = dscp.map { numbers, priority in
        var record = SettingValues()
        record.give(.list(numbers.map { .integer($0) }), to: "dscp", at: nil)
        if let priority { record.give(.integer(priority), to: "priority", at: nil) }
        return SettingValue.record(record)
      }
      settings.give(.list(records), to: "dscp", at: nil)
      return settings
    }

    @Test func ownLinesGoBeforeTheMap() throws {
      let values = try settings(
        ["map": "sonic-azure"], dscp: [([24, 26], 3), ([48], 7), ([26], 4)])
      let stand = try stand(stage("map-priority", values))
      let words = [24, 26, 48, 0].map { "eth / ipv4 tos \($0 * 4) / udp / 8B" }
      #expect(try priorities(stand, words) == [3, 4, 7, 1])
    }

    @Test func aMapOfNothingIsRefused() {
      #expect(throws: (any Error).self) { try stand([:]) }
      #expect(throws: (any Error).self) {
        try Stand(stage("map-priority", settings([:], dscp: [([3], nil)])))
      }
    }
  }
}
