// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Settings
import Testing

extension Running {
  @Suite struct SetTests {
    /// A field, its new value, a packet, and the packet as it would have been made with the value:
    /// lengths and checksums of both were worked out from scratch.
    struct Change: CustomTestStringConvertible {
      let setting: (name: String, value: String)
      let before, after: String
      var testDescription: String { "\(setting.name) = \(setting.value) in \(before)" }

      init(_ name: String, _ value: String, _ before: String, _ after: String) {
        setting = (name, value)
        (self.before, self.after) = (before, after)
      }
    }

    static let changes = [
      Change(
        "eth.dst", "02:00:00:00:00:99", "eth / ipv4 / udp / 9B",
        "eth 02:00:00:00:00:01 > 02:00:00:00:00:99 / ipv4 / udp / 9B"),
      Change(
        "eth.src", "02:00:00:00:00:99", "eth / arp",
        "eth 02:00:00:00:00:99 > 02:00:00:00:00:02 / arp"),
      Change("vlan.id", "77", "eth / vlan 5 pcp 3 / ipv4 / 9B", "eth / vlan 77 pcp 3 / ipv4 / 9B"),
      Change("vlan.pcp", "6", "eth / vlan 5 dei 1 / arp", "eth / vlan 5 pcp 6 dei 1 / arp"),
      Change("vlan.dei", "true", "eth / vlan 5 pcp 3 / arp", "eth / vlan 5 pcp 3 dei 1 / arp"),
      Change(
        "vlan2.id", "9", "eth / qinq 5 / vlan 6 / ipv4 / 9B", "eth / qinq 5 / vlan 9 / ipv4 / 9B"),
      Change(
        "ip.src", "10.9.9.9", "eth / ipv4 / udp / 9B", "eth / ipv4 10.9.9.9 > 10.0.0.2 / udp / 9B"),
      Change(
        "ip.dst", "10.9.9.9", "eth / vlan 3 / ipv4 / tcp / 9B",
        "eth / vlan 3 / ipv4 10.0.0.1 > 10.9.9.9 / tcp / 9B"),
      Change(
        "ip.dst", "10.9.9.9", "eth / ipv4 / icmp / 9B",
        "eth / ipv4 10.0.0.1 > 10.9.9.9 / icmp / 9B"),
      Change(
        "ip.src", "2001:db8::99", "eth / ipv6 / udp / 9B",
        "eth / ipv6 2001:db8::99 > 2001:db8::2 / udp / 9B"),
      Change(
        "ip.dst", "2001:db8::99", "eth / ipv6 / tcp / 9B",
        "eth / ipv6 2001:db8::1 > 2001:db8::99 / tcp / 9B"),
      Change("ip.ttl", "9", "eth / ipv4 / udp / 9B", "eth / ipv4 ttl 9 / udp / 9B"),
      Change("ip.ttl", "9", "eth / ipv6 / udp / 9B", "eth / ipv6 ttl 9 / udp / 9B"),
      Change("ip.dscp", "26", "eth / ipv4 tos 3 / udp / 9B", "eth / ipv4 tos 107 / udp / 9B"),
      Change("ip.dscp", "26", "eth / ipv6 tos 3 / tcp / 9B", "eth / ipv6 tos 107 / tcp / 9B"),
      Change("ip.ecn", "CE", "eth / ipv4 tos 106 / udp / 9B", "eth / ipv4 tos 107 / udp / 9B"),
      Change("ip.ecn", "CE", "eth / ipv6 tos 106 / udp / 9B", "eth / ipv6 tos 107 / udp / 9B"),
      Change("udp.dst", "4791", "eth / ipv4 / udp 7 > 8 / 9B", "eth / ipv4 / udp 7 > 4791 / 9B"),
      Change("udp.src", "1", "eth / ipv6 / udp 7 > 8 / 9B", "eth / ipv6 / udp 1 > 8 / 9B"),
      Change("tcp.src", "1", "eth / ipv4 / tcp 7 > 8 / 9B", "eth / ipv4 / tcp 1 > 8 / 9B"),
      Change("tcp.dst", "1", "eth / ipv6 / tcp 7 > 8 / 9B", "eth / ipv6 / tcp 7 > 1 / 9B"),
      Change(
        "udp.dst", "1", "eth / ipv4 / udp 7 > 8 nochecksum / 9B",
        "eth / ipv4 / udp 7 > 1 nochecksum / 9B"),
      Change(
        "ip.src", "10.9.9.9", "eth / ipv4 / udp 7 > 8 nochecksum / 9B",
        "eth / ipv4 10.9.9.9 > 10.0.0.2 / udp 7 > 8 nochecksum / 9B"),
      // Packets without the header.
      Change("ip.src", "10.9.9.9", "eth / ipv6 / udp / 9B", "eth / ipv6 / udp / 9B"),
      Change("tcp.dst", "1", "eth / ipv4 / udp / 9B", "eth / ipv4 / udp / 9B"),
      Change("vlan.id", "77", "eth / ipv4 / 9B", "eth / ipv4 / 9B"),
      Change("ip.ttl", "9", "eth / arp", "eth / arp"),
      Change(
        "udp.dst", "1", "eth / ipv4 fragment 100 / udp / 9B",
        "eth / ipv4 fragment 100 / udp / 9B"),
    ]

    @Test(arguments: changes)
    func fieldIsAsIfThePacketHadBeenMadeWithIt(change: Change) throws {
      let type = try #require(StageRegistry.standard["set"])
      var values = try SettingValues(type.description.settings)
      let declaration = type.description.settings.first { $0.name == change.setting.name }
      values.give(
        try #require(declaration).kind.parse(change.setting.value), to: change.setting.name,
        at: nil)
      let stand = try Stand(
        stage("parse"), stage("set", values), stage("send", ["port": "out"]))
      try stand.run([packet(change.before), packet(change.before)])
      #expect(stand.sent().map(\.bytes) == [packet(change.after), packet(change.after)])
      stand.checkBalance()
    }

    @Test func fieldsAreSetTogether() throws {
      let stand = try Stand(
        stage("parse"),
        stage(
          "set",
          ["ip.src": "10.1.1.1", "ip.dst": "10.2.2.2", "ip.dscp": "26", "udp.dst": "9"]),
        stage("send", ["port": "out"]))
      try stand.run([packet("eth / ipv4 tos 1 / udp / 100B")])
      let expected = packet("eth / ipv4 10.1.1.1 > 10.2.2.2 tos 105 / udp 1000 > 9 / 100B")
      #expect(stand.sent().map(\.bytes) == [expected])
      stand.checkBalance()
    }

    @Test(arguments: ["eth / ipv4 / udp / 9B", "eth / vlan 4 / ipv6 / tcp / 31B"])
    func checksumsAreRightWhateverIsWritten(words: String) throws {
      for number in 0..<200 {
        let settings: KeyValuePairs = [
          "ip.ttl": "\(number)", "ip.ecn": "\(number % 4)", "udp.src": "\(number * 300)",
          "tcp.dst": "\(65535 - number)",
        ]
        let stand = try Stand(
          stage("parse"), stage("set", settings), stage("send", ["port": "out"]))
        try stand.run([packet(words)])
        #expect(stand.sent().flatMap { wrongChecksums(in: $0.bytes) } == [])
      }
    }

    @Test func contradictionIsRefused() throws {
      let values: KeyValuePairs = ["ipv4.ttl": "9", "ip.ttl": "10"]
      #expect(throws: StageBuildError.self) { try Stand(stage("set", values)) }
    }

    @Test func conditionsBehindSeeThatTheTagIsGone() throws {
      let stand = try Stand(
        stage("parse"), stage("count", ["name": "before"], when: "vlan.id <= 4094"),
        stage("set", ["pop-vlan": "true"]),
        stage("count", ["name": "after"], when: "vlan.id <= 4094"),
        stage("send", ["port": "out"]))
      try stand.run(Array(repeating: packet("eth / vlan 3 / ipv4 / udp / 9B"), count: 3))
      #expect(stand.counters(1).packets == 3 && stand.counters(3).packets == 0)
    }

    @Test func packetsThatNobodyParsedAreLeftAlone() throws {
      let stand = try Stand(
        stage("set", ["ip.ttl": "9", "pop-vlan": "true"]), stage("send", ["port": "out"]))
      let bytes = packet("eth / vlan 3 / ipv4 / udp / 9B")
      try stand.run([bytes])
      #expect(stand.sent().map(\.bytes) == [bytes])
      stand.checkBalance()
    }
  }
}
