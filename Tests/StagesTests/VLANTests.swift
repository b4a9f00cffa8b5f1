// SPDX-License-Identifier: BSD-3-Clause
import Bench
import CDPDK
import Pipeline
import Settings
import Testing
import Wire

@testable import Stages

extension Running {
  @Suite struct VLANTests {
    /// `set` with a tag to push.
    func set(
      push tag: KeyValuePairs<String, String>? = nil, pop: Bool = false, when: String? = nil
    ) throws -> StagePlan {
      var values = try SettingValues(SetFields.settings, ["pop-vlan": "\(pop)"])
      if let tag {
        let record = try SettingValues(VLANTag.settings, tag)
        values.give(.record(record), to: "push-vlan", at: nil)
      }
      return try stage("set", values, when: when)
    }

    func result(
      of set: StagePlan, on words: String, link: LinkType = .ethernet
    ) throws -> [Departure] {
      let stand = try Stand(stage("parse"), set, stage("send", ["port": "out"]))
      try stand.run([packet(words)], link: link)
      stand.checkBalance()
      return stand.sent()
    }

    @Test(arguments: [
      ("eth / ipv4 / udp / 9B", "eth / vlan 100 pcp 3 / ipv4 / udp / 9B"),
      ("eth / vlan 5 / ipv6 / udp / 9B", "eth / vlan 100 pcp 3 / vlan 5 / ipv6 / udp / 9B"),
      ("eth / arp", "eth / vlan 100 pcp 3 / arp"),
      (
        "eth / vlan 1 / vlan 2 / vlan 3 / vlan 4 / arp",
        "eth / vlan 100 pcp 3 / vlan 1 / vlan 2 / vlan 3 / vlan 4 / arp"
      ),
    ])
    func tagIsPushed(before: String, after: String) throws {
      let sent = try result(of: set(push: ["id": "100", "pcp": "3"]), on: before)
      #expect(sent.map(\.bytes) == [packet(after)])
      #expect(sent.map(\.wireLength) == [UInt32(packet(after).count)])
    }

    @Test func serviceTagHasItsOwnType() throws {
      let sent = try result(
        of: set(push: ["id": "4094", "dei": "true", "type": "802.1ad"]),
        on: "eth / vlan 5 / ipv4 / 9B")
      #expect(sent.map(\.bytes) == [packet("eth / qinq 4094 dei 1 / vlan 5 / ipv4 / 9B")])
    }

    @Test(arguments: [
      ("eth / vlan 5 / ipv4 / udp / 9B", "eth / ipv4 / udp / 9B"),
      ("eth / qinq 5 / vlan 6 / ipv6 / tcp / 9B", "eth / vlan 6 / ipv6 / tcp / 9B"),
      ("eth / ipv4 / udp / 9B", "eth / ipv4 / udp / 9B"),
      ("eth / vlan 5 / arp", "eth / arp"),
    ])
    func tagIsPopped(before: String, after: String) throws {
      let sent = try result(of: set(pop: true), on: before)
      #expect(sent.map(\.bytes) == [packet(after)])
      #expect(sent.map(\.wireLength) == [UInt32(packet(after).count)])
    }

    @Test func popAndPushReplaceATag() throws {
      let sent = try result(of: set(push: ["id": "7"], pop: true), on: "eth / vlan 5 pcp 4 / arp")
      #expect(sent.map(\.bytes) == [packet("eth / vlan 7 / arp")])
    }

    @Test(arguments: [
      ("cooked / vlan 5 / ipv4 / udp / 9B", LinkType.linuxCooked),
      ("cooked2 / vlan 5 / ipv4 / udp / 9B", .linuxCooked2),
      ("loopback / ipv4 / udp / 9B", .loopback), ("ipv4 / udp / 9B", .rawIP),
    ])
    func packetsWithoutEthernetAreLeftAlone(words: String, link: LinkType) throws {
      let sent = try result(of: set(push: ["id": "7"], pop: true), on: words, link: link)
      #expect(sent.map(\.bytes) == [packet(words)])
      #expect(sent.map(\.wireLength) == [UInt32(packet(words).count)])
    }

    @Test func laterStagesSeeThePacketAsItIsNow() throws {
      let stand = try Stand(
        stage("parse"), set(push: ["id": "100"]), stage("set", ["ip.ttl": "9"]),
        stage("send", ["port": "out"], when: "vlan.id == 100 and ip.ttl == 9 and udp.dst == 4000"))
      try stand.run([packet("eth / ipv4 / udp / 9B")])
      #expect(stand.sent().map(\.bytes) == [packet("eth / vlan 100 / ipv4 ttl 9 / udp / 9B")])
      stand.checkBalance()
    }

    @Test func sampledPacketsStaySampled() throws {
      let stand = try Stand(
        stage("parse"), stage("sample", ["every": "2"]), set(push: ["id": "100"], pop: true),
        stage("send", ["port": "out"], when: "sampled"))
      try stand.run((0..<4).map { packet("eth / vlan \($0 + 1) / ipv4 ttl \($0 + 1) / udp / 9B") })
      let expected = [2, 4].map { packet("eth / vlan 100 / ipv4 ttl \($0) / udp / 9B") }
      #expect(stand.sent().map(\.bytes) == expected)
      stand.checkBalance()
    }

    @Test func cutPacketsKeepWhatTheyLack() throws {
      let stand = try Stand(
        stage("parse"), set(push: ["id": "100"]), stage("send", ["port": "out"]))
      let whole = packet("eth / ipv4 / udp / 1000B")
      try stand.run([Array(whole.prefix(60))], wireLength: whole.count)
      #expect(stand.sent().map(\.wireLength) == [UInt32(whole.count + 4)])
      #expect(stand.sent().map(\.bytes.count) == [64])
      stand.checkBalance()
    }

    @Test func packetWithoutRoomInFrontStaysUntagged() throws {
      let stand = try Stand(
        stage("parse"), set(push: ["id": "100"]), stage("send", ["port": "out"]))
      let bytes = packet("eth / ipv4 / udp / 9B")
      let full = try #require(cdpdk_fill(stand.pool.handle, bytes, UInt32(bytes.count)))
      let start = try #require(cdpdk_prepend(full, 126))
      start.copyMemory(from: bytes, byteCount: bytes.count)
      stand.run(packets: [full])
      #expect(stand.sent().map { Array($0.bytes.prefix(bytes.count)) } == [bytes])
      #expect(stand.figure("not tagged: no room in front", of: 1) == 1)
      stand.checkBalance()
    }

    @Test func tagsOfPacketsInSeveralBuffersMoveToo() throws {
      let stages = try [stage("parse"), set(push: ["id": "9"]), stage("send", ["port": "out"])]
      let stand = try Stand([PipelinePlan(name: "main", stages: stages)], dataRoom: 384)
      try stand.run([packet("eth / ipv4 / udp / 1400B")])
      #expect(stand.sent().map(\.bytes) == [packet("eth / vlan 9 / ipv4 / udp / 1400B")])
      stand.checkBalance()
    }
  }
}
