// SPDX-License-Identifier: BSD-3-Clause
import Bench
import CDPDK
import Pipeline
import Testing
import Wire

extension Running {
  @Suite struct DecapsulateTests {
    /// RFC 6040, figure 4: the fields of inner and outer header, the field that leaves (nil is a
    /// drop), and what the combination is counted as.
    static let table: [(inner: Int, outer: Int, result: Int?, figure: String?)] = [
      (0, 0, 0, nil), (0, 2, 0, dangerous), (0, 1, 0, dangerous), (0, 3, nil, dangerous),
      (2, 0, 2, nil), (2, 2, 2, nil), (2, 1, 1, nil), (2, 3, 3, nil),
      (1, 0, 1, nil), (1, 2, 1, unused), (1, 1, 1, nil), (1, 3, 3, nil),
      (3, 0, 3, nil), (3, 2, 3, nil), (3, 1, 3, dangerous), (3, 3, 3, nil),
    ]
    static let unused = "unused ECN combinations"
    static let dangerous = "unused and dangerous ECN combinations"

    @Test(arguments: table, ["ipv4 tos", "ipv6 tos"])
    func congestionMarksLeaveAsRFC6040Says(
      _ row: (inner: Int, outer: Int, result: Int?, figure: String?), _ version: String
    ) throws {
      // The packet has DSCP 26, the tunnel 46, which must not leave with it.
      let stand = try stand()
      let inner = "eth / \(version) \(26 << 2 | row.inner) / udp / 9B"
      for outer in ["ipv4", "ipv6"] {
        let around = "\(outer) tos \(46 << 2 | row.outer)"
        try stand.run([tunnelled(packet(inner), outer: around)])
      }
      let left = row.result.map { packet("eth / \(version) \(26 << 2 | $0) / udp / 9B") }
      #expect(stand.sent().map(\.bytes) == (left.map { [$0, $0] } ?? []))
      #expect(stand.dropped == (left == nil ? ["decapsulate.ce", "decapsulate.ce"] : []))
      for figure in [Self.unused, Self.dangerous] {
        #expect(stand.figure(figure, of: 1) == (row.figure == figure ? 2 : nil))
      }
      stand.checkBalance()
    }

    private func stand(
      _ settings: KeyValuePairs<String, String> = [:], malformed: String = "drop"
    ) throws -> Stand {
      try Stand(
        stage("parse", ["malformed": malformed]), stage("decapsulate", settings),
        stage("send", ["port": "out"]))
    }

    private let plain = packet("eth / ipv4 / udp / 9B")

    /// A Geneve header for Ethernet in network 5001.
    private func geneve(options: [UInt8] = [], flags: UInt8 = 0) -> [UInt8] {
      [UInt8(options.count / 4), flags, 0x65, 0x58, 0, 0x13, 0x89, 0] + options
    }

    @Test(arguments: ["eth / arp", "eth / vlan 5 pcp 3 / ipv6 / tcp / 9B", "eth / ipv4 / 300B"])
    func anyPacketComesOut(words: String) throws {
      let stand = try stand()
      let options: [UInt8] = [1, 2, 0, 1, 9, 9, 9, 9]
      try stand.run([
        tunnelled(packet(words)), tunnelled(packet(words), outer: "ipv6", port: 8472),
        tunnelled(packet(words), port: 6081, header: geneve(options: options)),
      ])
      let expected = packet(words)
      #expect(stand.sent().map(\.bytes) == [expected, expected, expected])
      #expect(stand.sent().map(\.wireLength) == Array(repeating: UInt32(expected.count), count: 3))
      stand.checkBalance()
    }

    @Test func onlyTheTunnelThatIsNamedComesOff() throws {
      let stand = try stand(["types": "[vxlan]", "id": "5001"])
      let others = [
        tunnelled(plain, header: [8, 0, 0, 0, 0, 0, 7, 0]),
        tunnelled(plain, port: 6081, header: geneve()), plain,
      ]
      try stand.run(others + [tunnelled(plain)])
      #expect(stand.sent().map(\.bytes) == others + [plain])
      #expect(stand.figure("left alone: no such tunnel", of: 1) == 3)
      stand.checkBalance()
    }

    @Test func theOutermostOfTwoTunnelsComesOff() throws {
      let stand = try stand(["id": "5001"])
      let within = tunnelled(plain, header: [8, 0, 0, 0, 0, 0, 7, 0])
      try stand.run([tunnelled(within)])
      #expect(stand.sent().map(\.bytes) == [within])
      stand.checkBalance()
    }

    @Test(arguments: [
      ("left alone: control messages", [0, 0x80, 0x65, 0x58, 0, 0, 7, 0] as [UInt8]),
      ("left alone: no Ethernet within", [0, 0, 0x08, 0x00, 0, 0, 7, 0]),
      ("left alone: no such tunnel", [0x40, 0, 0x65, 0x58, 0, 0, 7, 0]),
    ])
    func whatIsNoFrameStaysInItsTunnel(_ figure: String, _ header: [UInt8]) throws {
      let stand = try stand()
      let inside = figure.contains("Ethernet") ? Array(plain.dropFirst(14)) : plain
      let bytes = tunnelled(inside, port: 6081, header: header)
      try stand.run([bytes])
      #expect(stand.sent().map(\.bytes) == [bytes])
      #expect(stand.figure(figure, of: 1) == 1)
      stand.checkBalance()
    }

    @Test func criticalOptionsDropAPacketUnlessToldOtherwise() throws {
      let bytes = tunnelled(
        plain, port: 6081, header: geneve(options: [1, 2, 0x80, 0], flags: 0x40))
      let strict = try stand()
      try strict.run([bytes])
      #expect(strict.dropped == ["decapsulate.critical-options"])
      let lenient = try stand(["critical-options": "ignore"])
      try lenient.run([bytes])
      #expect(lenient.sent().map(\.bytes) == [plain])
    }

    @Test func fragmentsAndMalformedPacketsAreLeftAlone() throws {
      let stand = try stand(malformed: "pass")
      let first = tunnelled(plain, outer: "ipv4 fragment 8192")
      let wrong = tunnelled(plain.dropLast(3) + [0], outer: "ipv4")
      try stand.run([first, wrong])
      #expect(stand.sent().map(\.bytes) == [first, wrong])
      #expect(stand.figure("left alone: fragments", of: 1) == 1)
      #expect(stand.figure("left alone: malformed", of: 1) == 1)
      stand.checkBalance()
    }

    @Test func packetsOfOtherLinksAreLeftAlone() throws {
      let stand = try stand()
      let bytes = Array(tunnelled(plain).dropFirst(14))
      try stand.run([bytes], link: .rawIP)
      #expect(stand.sent().map(\.bytes) == [bytes])
      #expect(stand.figure("left alone: no such tunnel", of: 1) == 1)
    }

    @Test func whatFollowsTheDatagramComesOffToo() throws {
      let stand = try stand()
      try stand.run([tunnelled(plain) + [0xde, 0xad, 0xbe, 0xef]])
      #expect(stand.sent().map(\.bytes) == [plain])
      #expect(stand.sent().map(\.wireLength) == [UInt32(plain.count)])
    }

    @Test func cutPacketsLackTheSameBytes() throws {
      let stand = try stand()
      let whole = packet("eth / ipv4 tos 2 / udp / 1000B")
      let bytes = tunnelled(whole, outer: "ipv4 tos 3")
      try stand.run([Array(bytes.prefix(150))], wireLength: bytes.count)
      let marked = packet("eth / ipv4 tos 3 / udp / 1000B")
      #expect(stand.sent().map(\.bytes) == [Array(marked.prefix(100))])
      #expect(stand.sent().map(\.wireLength) == [UInt32(marked.count)])
    }

    @Test func laterStagesSeeThePacketAndItsMarks() throws {
      let stand = try Stand(
        stage("parse"), stage("sample", ["every": "1"]), stage("decapsulate"),
        stage("send", ["port": "out"], when: "sampled and udp.dst == 4000 and not tunnel"))
      try stand.run([tunnelled(plain)])
      #expect(stand.sent().map(\.bytes) == [plain])
      stand.checkBalance()
    }

    @Test func conditionsBehindSeeThatTheTunnelIsGone() throws {
      let stand = try Stand(
        stage("parse"), stage("count", ["name": "before"], when: "udp.dst <= 65534"),
        stage("decapsulate"), stage("count", ["name": "after"], when: "udp.dst <= 65534"),
        stage("send", ["port": "out"]))
      let within = packet("eth / ipv4 / tcp / 9B")
      try stand.run([tunnelled(within), tunnelled(within)])
      #expect(stand.counters(1).packets == 2 && stand.counters(3).packets == 0)
    }

    @Test func packetsInSeveralBuffersComeOut() throws {
      let stages = try [stage("parse"), stage("decapsulate"), stage("send", ["port": "out"])]
      let stand = try Stand([PipelinePlan(name: "main", stages: stages)], dataRoom: 384)
      let long = packet("eth / ipv4 / udp / 1300B")
      try stand.run([tunnelled(long) + [1, 2, 3, 4]])
      #expect(stand.sent().map(\.bytes) == [long])
      stand.checkBalance()
    }

    @Test func noDamageDoesHarm() throws {
      let stand = try stand(malformed: "pass")
      let inside = packet("eth / vlan 4 / ipv6 / udp / 30B")
      for bytes in damaged(tunnelled(inside)) { try stand.run([bytes]) }
      let geneve = tunnelled(inside, port: 6081, header: geneve(options: [1, 2, 0, 1, 0, 0, 0, 0]))
      for bytes in damaged(geneve) { try stand.run([bytes], wireLength: geneve.count) }
      stand.checkBalance()
    }
  }
}
