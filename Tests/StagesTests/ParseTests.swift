// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Testing
import Wire

extension Running {
  @Suite struct ParseTests {
    /// A packet, what it begins with, and the reason that it is dropped for.
    static let malformed: [(bytes: [UInt8], link: LinkType, reason: String)] = [
      ([], .ethernet, "ethernet.header-cut"),
      (Array(packet("eth / ipv4 / udp / 9B").prefix(13)), .ethernet, "ethernet.header-cut"),
      (Array(packet("eth / vlan 5 / ipv4 / udp / 9B").prefix(17)), .ethernet, "vlan.header-cut"),
      (
        packet("eth / vlan 1 / vlan 2 / vlan 3 / vlan 4 / vlan 5 / 46B"), .ethernet,
        "vlan.too-many"
      ),
      (Array(packet("eth / arp").prefix(30)), .ethernet, "arp.header-cut"),
      (Array(packet("eth / ipv4 / udp / 9B").prefix(33)), .ethernet, "ipv4.header-cut"),
      (Array(packet("eth / ipv4 / udp / 90B").prefix(60)), .ethernet, "ipv4.packet-cut"),
      (Array(packet("eth / ipv6 / udp / 9B").prefix(50)), .ethernet, "ipv6.header-cut"),
      (Array(packet("cooked / ipv4 / 9B").prefix(15)), .linuxCooked, "linux-cooked.header-cut"),
      (Array(packet("cooked2 / ipv4 / 9B").prefix(19)), .linuxCooked2, "linux-cooked.header-cut"),
      (Array(packet("loopback / ipv4 / 9B").prefix(3)), .loopback, "loopback.header-cut"),
      ([], .rawIP, "raw-ip.header-cut"),
      ([0x12, 0x34], .rawIP, "raw-ip.version"),
    ]

    @Test(arguments: malformed)
    func malformedPacketsAreDroppedByReason(bytes: [UInt8], link: LinkType, reason: String) throws {
      let stand = try Stand(stage("parse"), stage("send", ["port": "out"]))
      try stand.run([bytes], link: link)
      #expect(stand.dropped == [reason])
      stand.checkBalance()
    }

    @Test(arguments: malformed)
    func malformedPacketsPassAndAreCounted(bytes: [UInt8], link: LinkType, reason: String) throws {
      let stand = try Stand(stage("parse", ["malformed": "pass"]), stage("send", ["port": "out"]))
      try stand.run([bytes], link: link)
      #expect(stand.sent().map(\.bytes) == [bytes])
      #expect(stand.figure(reason) == 1)
      stand.checkBalance()
    }

    @Test(arguments: [
      ("eth", LinkType.ethernet), ("cooked", .linuxCooked), ("cooked2", .linuxCooked2),
      ("loopback", .loopback), ("", .rawIP),
    ])
    func headersAreFoundBehindEveryLink(word: String, link: LinkType) throws {
      let stand = try Stand(
        stage("parse"), stage("send", ["port": "out"], when: "udp.dst == 4000"))
      let front = word.isEmpty ? "" : word + " / "
      let packets = [packet(front + "ipv4 / udp / 20B"), packet(front + "ipv6 / udp / 20B")]
      try stand.run(packets, link: link)
      #expect(stand.sent().map(\.bytes) == packets)
      #expect(stand.sent().allSatisfy { $0.link == link })
      stand.checkBalance()
    }

    @Test func nativeInfiniBandIsReadFromItsLocalRouteOn() throws {
      let stand = try Stand(
        stage("parse"), stage("drop", ["reason": "ip"], when: "ip or eth"),
        stage("send", ["port": "out"], when: "lrh.dlid == 1 and bth.opcode == RC_SEND_ONLY"))
      let route: [UInt8] = [0, 2, 0, 1, 0, 6, 0, 2]
      let transport: [UInt8] = [4, 0, 0xff, 0xff, 0, 0, 0, 9, 0, 0, 0, 1]
      try stand.run([route + transport + Array("ICRCVC".utf8)], link: .infiniband)
      #expect(stand.sent().count == 1)
      stand.checkBalance()
    }

    @Test func packetCutByTheCaptureIsNoMalformedPacket() throws {
      let stand = try Stand(stage("parse"), stage("send", ["port": "out"], when: "udp"))
      let whole = packet("eth / ipv4 / udp / 1000B")
      try stand.run([Array(whole.prefix(64))], wireLength: whole.count)
      #expect(stand.sent().map(\.wireLength) == [UInt32(whole.count)])
      stand.checkBalance()
    }

    @Test func packetInSeveralBuffersIsNoMalformedPacket() throws {
      let stages = try [stage("parse"), stage("send", ["port": "out"], when: "udp")]
      let stand = try Stand([PipelinePlan(name: "main", stages: stages)], dataRoom: 384)
      let large = packet("eth / ipv4 / udp / 1400B")
      try stand.run([large, large])
      #expect(stand.sent().map(\.bytes) == [large, large])
      stand.checkBalance()
    }

    @Test func onlyMalformedPacketsOfABurstAreDropped() throws {
      let stand = try Stand(stage("parse"), stage("send", ["port": "out"]))
      let whole = packet("eth / ipv4 / udp / 20B")
      let burst = (0..<64).map { $0 % 3 == 0 ? Array(whole.prefix(20)) : whole }
      try stand.run(burst)
      #expect(stand.sent().count == 42)
      #expect(Set(stand.dropped) == ["ipv4.header-cut"])
      stand.checkBalance()
    }
  }
}
