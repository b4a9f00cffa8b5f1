// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Wire

private typealias Packet = PacketSamples

/// A packet with one thing wrong, and what that is called.
struct WrongPacket: Sendable, CustomTestStringConvertible {
  let name: String
  let bytes: [UInt8]
  var link = LinkType.ethernet
  var testDescription: String { name }

  static let all: [WrongPacket] =
    link + network + transport + fabric + rdma + tunnels + messages

  private static let datagram = Packet.ethernet(0x0800, Packet.ipv4(17, Packet.udp()))
  private static let segment = Packet.ethernet(0x0800, Packet.ipv4(6, Packet.tcp()))
  private static let datagram6 = Packet.ethernet(0x86dd, Packet.ipv6(17, Packet.udp()))

  private static let link: [WrongPacket] = [
    .init(name: "ethernet.header-cut", bytes: cut(datagram, to: 13)),
    .init(name: "ethernet.length", bytes: Packet.ethernet(9, [0x42, 0x42, 3, 0])),
    .init(name: "vlan.header-cut", bytes: Packet.ethernet(0x8100, [0, 1, 8])),
    .init(name: "vlan.too-many", bytes: Packet.ethernet(0x8100, Packet.tags(5))),
    .init(name: "linux-cooked.header-cut", bytes: cut(datagram, to: 15), link: .linuxCooked),
    .init(name: "linux-cooked.header-cut", bytes: cut(datagram, to: 19), link: .linuxCooked2),
    .init(name: "loopback.header-cut", bytes: [2, 0, 0], link: .loopback),
    .init(name: "raw-ip.header-cut", bytes: [], link: .rawIP),
    .init(name: "raw-ip.version", bytes: [0x50], link: .rawIP),
  ]

  private static let network: [WrongPacket] = [
    .init(name: "arp.header-cut", bytes: Packet.ethernet(0x0806, cut(Packet.arp, to: 27))),
    .init(name: "ipv4.header-cut", bytes: cut(datagram, to: 33)),
    .init(name: "ipv4.header-cut", bytes: cut(changed(datagram, 14, 0x4f), to: 60)),
    .init(name: "ipv4.version", bytes: changed(datagram, 14, 0x65)),
    .init(name: "ipv4.header-length", bytes: changed(datagram, 14, 0x44)),
    .init(name: "ipv4.total-length", bytes: changed(datagram, 17, 19)),
    .init(name: "ipv4.packet-cut", bytes: changed(datagram, 16, 1)),
    .init(name: "ipv6.header-cut", bytes: cut(datagram6, to: 53)),
    .init(name: "ipv6.version", bytes: changed(datagram6, 14, 0x45)),
    .init(name: "ipv6.packet-cut", bytes: changed(datagram6, 18, 1)),
    .init(name: "ipv6.jumbogram", bytes: changed(changed(datagram6, 19, 0), 20, 0)),
    .init(name: "ipv6.extension-cut", bytes: Packet.ethernet(0x86dd, Packet.ipv6(43, [17]))),
    .init(
      name: "ipv6.extension-cut",
      bytes: Packet.ethernet(0x86dd, Packet.ipv6(43, [17, 1] + Packet.ping))),
    .init(name: "ipv6.chain-too-deep", bytes: Packet.ethernet(0x86dd, Packet.ipv6(60, chain(9)))),
  ]

  private static let transport: [WrongPacket] = [
    .init(name: "udp.header-cut", bytes: changed(datagram, 17, 27)),
    .init(name: "udp.length", bytes: changed(datagram, 39, 7)),
    .init(name: "udp.length", bytes: changed(datagram, 39, 13)),
    .init(name: "tcp.header-cut", bytes: changed(segment, 17, 39)),
    .init(name: "tcp.data-offset", bytes: changed(segment, 46, 0x40)),
    .init(name: "tcp.data-offset", bytes: changed(segment, 46, 0x60)),
    .init(
      name: "icmp.header-cut",
      bytes: Packet.ethernet(0x0800, Packet.ipv4(1, cut(Packet.ping, to: 7)))),
    .init(
      name: "icmpv6.header-cut",
      bytes: Packet.ethernet(0x86dd, Packet.ipv6(58, cut(Packet.ping, to: 7)))),
  ]

  private static let fabric: [WrongPacket] = [
    .init(name: "mpls.header-cut", bytes: Packet.ethernet(0x8847, [0, 1, 0])),
    .init(name: "mpls.header-cut", bytes: Packet.ethernet(0x8847, [0, 1, 0, 64, 0, 1, 1])),
    .init(
      name: "mpls.too-many",
      bytes: Packet.ethernet(0x8847, [UInt8](repeating: 0, count: 32) + [0, 0, 1, 64])),
    .init(name: "mac-control.cut", bytes: cut(RDMASamples.pause, to: 17)),
    .init(name: "mac-control.cut", bytes: cut(RDMASamples.priorityPause, to: 33)),
    .init(name: "lrh.header-cut", bytes: [0, 2, 0, 1, 0, 8, 0], link: .infiniband),
    .init(name: "lrh.version", bytes: changed(native, 0, 0x01), link: .infiniband),
    .init(name: "lrh.length", bytes: changed(native, 5, 1), link: .infiniband),
    .init(name: "lrh.length", bytes: changed(native, 5, 40), link: .infiniband),
    .init(name: "grh.header-cut", bytes: cut(RDMASamples.roceV1(send), to: 53)),
    .init(name: "grh.version", bytes: changed(RDMASamples.roceV1(send), 14, 0x40)),
    .init(name: "grh.packet-cut", bytes: changed(RDMASamples.roceV1(send), 19, 200)),
  ]

  private static let rdma: [WrongPacket] = [
    .init(name: "bth.header-cut", bytes: RDMASamples.roceV2(cut(send, to: 11))),
    .init(name: "bth.version", bytes: RDMASamples.roceV2(changed(send, 1, 1))),
    .init(name: "bth.opcode", bytes: RDMASamples.roceV2(changed(send, 0, 0x15))),
    .init(name: "bth.opcode", bytes: RDMASamples.roceV2(changed(send, 0, 0x80))),
    .init(name: "roce.length", bytes: RDMASamples.roceV2(changed(send, 1, 0x30))),
    .init(name: "roce.length", bytes: RDMASamples.roceV2(cut(write, to: 31))),
    .init(name: "cm.message-cut", bytes: RDMASamples.roceV2(cut(RDMASamples.message(16), to: 90))),
  ]

  private static let messages: [WrongPacket] = [
    .init(name: "uet.header-cut", bytes: UETSamples.datagram([0x10, 0x88, 0])),
    .init(name: "uet.header-cut", bytes: UETSamples.datagram(cut(UETSamples.smallWrite, to: 11))),
    .init(name: "ses.header-cut", bytes: UETSamples.datagram(cut(UETSamples.smallWrite, to: 31))),
    .init(
      name: "mpa.private-data",
      bytes: IWARPSamples.segment(IWARPSamples.start(reply: false, privateData: 513))),
    .init(name: "ddp.header-cut", bytes: IWARPSamples.segment(IWARPSamples.shortSend)),
    .init(name: "ddp.version", bytes: IWARPSamples.segment(changed(IWARPSamples.send, 2, 0x42))),
    .init(name: "rdmap.version", bytes: IWARPSamples.segment(changed(IWARPSamples.send, 3, 0x83))),
  ]

  private static let send = RDMASamples.transport(Opcode(.reliableConnection, .sendOnly))
  private static let write = RDMASamples.transport(
    Opcode(.reliableConnection, .writeOnly), Array(repeating: 0, count: 16))
  private static let native = RDMASamples.localRoute(2, send)

  private static func cut(_ bytes: [UInt8], to count: Int) -> [UInt8] { Array(bytes.prefix(count)) }

  private static func changed(_ bytes: [UInt8], _ index: Int, _ value: UInt8) -> [UInt8] {
    var copy = bytes
    copy[index] = value
    return copy
  }

  private static func chain(_ count: Int) -> [UInt8] {
    (1..<count).reduce(Packet.extended(17, Packet.udp())) { rest, _ in Packet.extended(60, rest) }
  }
}

struct MalformationTests {
  @Test(arguments: WrongPacket.all)
  func whatIsWrongIsNamed(packet: WrongPacket) {
    let captured = CapturedPacket(
      bytes: packet.bytes, wireLength: packet.bytes.count, link: packet.link)
    #expect(captured.parsed(by: rulesWithIWARP).malformation.name == packet.name)
  }

  @Test func everyMalformationHasAPacket() {
    let shown = Set(WrongPacket.all.map(\.name)).union(["none"])
    #expect(shown == Set(Malformation.allCases.map(\.name)))
  }

  @Test func namesAndExplanationsAreUnlike() {
    #expect(Set(Malformation.allCases.map(\.name)).count == Malformation.allCases.count)
    #expect(Set(Malformation.allCases.map(\.explanation)).count == Malformation.allCases.count)
  }

  @Test func soundSamplesAreSound() {
    let samples =
      Packet.all + RDMASamples.all + TunnelSamples.all + UETSamples.all
      + IWARPSamples.all
    for sample in samples {
      let packet = CapturedPacket(
        bytes: sample.bytes, wireLength: sample.bytes.count, link: sample.link)
      #expect(packet.parsed(by: rulesWithIWARP).malformation == .none)
    }
  }
}
