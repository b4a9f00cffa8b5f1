// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Wire

private typealias Packet = PacketSamples
private typealias Sample = TunnelSamples

/// What tunnels' headers may say, and how far a packet is followed then.
struct TunnelHeaderTests {
  private func parsed(_ bytes: [UInt8]) -> Headers {
    CapturedPacket(bytes: bytes, wireLength: bytes.count, link: .ethernet).parsed()
  }

  private static let strange: [[UInt8]] = [
    Sample.over(4789, Sample.vxlan(Sample.frame, flags: 0)),
    Sample.over(4790, Sample.vxlan(Sample.frame, flags: 0x18)),
    Sample.over(6081, Sample.changed(Sample.geneve(0x6558, Sample.frame), 0, 0x40)),
    Sample.overGRE(Sample.changed(Sample.gre(0, 0x0800, Sample.roce), 1, 1)),
    Sample.overGRE(Sample.gre(0x40, 0x0800, Sample.roce)),
    Sample.over(2152, Sample.changed(Sample.gtpu(Sample.roce), 0, 0x20)),
    Sample.over(2152, Sample.changed(Sample.gtpu(Sample.roce), 0, 0x57)),
  ]

  /// What receivers drop, or treat as a datagram with unknown payload.
  @Test(arguments: strange)
  func otherVersionsAreNoTunnelsAndNotMalformed(bytes: [UInt8]) {
    let headers = parsed(bytes)
    #expect(headers.layers.isDisjoint(with: .tunnel))
    #expect(headers.tunnelCount == 0)
    #expect(headers.malformation == .none)
  }

  private static let opaque: [[UInt8]] = [
    Sample.over(4790, Sample.vxlan(Sample.frame, flags: 0x0c, next: 4)),
    Sample.over(6081, Sample.geneve(0x894f, Sample.frame)),
    Sample.overGRE(Sample.gre(0, 0x2000, Sample.frame)), Sample.overGRE(Sample.gre(0, 0, [])),
    Sample.overGRE(Sample.changed(Sample.mirrorII(Sample.frame), 8, 0x30)),
    Sample.overGRE(Sample.mirrorIII(Sample.frame, last: [0x1c, 0])),
    Sample.over(2152, Sample.gtpu([0x50, 1, 2, 3])), Sample.over(2152, Sample.gtpu([])),
    Sample.over(2152, [0x30, 1, 0, 0, 0, 0, 0, 0]),
    Sample.over(6635, [0, 0x10, 0x01, 64, 0, 0, 0, 0]),
  ]

  /// The header is there, and nothing behind it.
  @Test(arguments: opaque)
  func unknownPayloadIsNotMalformed(bytes: [UInt8]) {
    let headers = parsed(bytes)
    #expect(headers.layers.isDisjoint(with: .inner))
    #expect(headers.tunnelCount == 1)
    #expect(headers.malformation == .none)
  }

  /// The switch cut it: the inner packet is sound, and its RoCE packet ends past what there is.
  @Test func aMirroredPacketMayBeTruncated() {
    let frame = Array(Sample.frame.dropLast(6))
    let bytes = Sample.overGRE(Sample.mirrorII(frame, second: [0x65, 1]))
    let headers = parsed(bytes)
    #expect(headers.layers.isSuperset(of: [.erspan2, .innerUDP, .bth, .reth]))
    #expect(headers.malformation == .none)
    #expect([Int(headers.end), Int(headers.rdmaEnd)] == [bytes.count, bytes.count + 6])
  }

  @Test func whatFollowsTheTunnelsPayloadIsNotTheInnerPackets() {
    let datagram = Packet.udp(Sample.gtpu(Sample.roce), destination: 2152)
    let headers = parsed(Packet.ethernet(0x0800, Packet.ipv4(17, datagram + [1, 2, 3, 4, 5])))
    #expect(Int(headers.end) == 14 + 20 + datagram.count + 5)
    #expect(Int(headers.rdmaEnd) == 14 + 20 + datagram.count)
    #expect(headers.malformation == .none)
  }
}
