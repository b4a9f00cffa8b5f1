// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Wire

/// The ICRC of packets whose headers the parser found, over the published vectors.
struct ICRCPacketTests {
  static let vectors = (ICRCVector.published + ICRCVector.constructed).map(\.bytes).map {
    CapturedPacket(bytes: $0, wireLength: $0.count, link: .ethernet)
  }

  private func verdict(_ packet: CapturedPacket) -> ICRCVerdict {
    ICRC.verdict(in: FieldPackets([packet]), at: 0)
  }

  private func rewritten(
    _ packet: CapturedPacket, _ changes: [(String, String)]
  ) throws -> CapturedPacket {
    let assignments = try changes.compactMap { name, text in
      try FieldTable.field(named: name).map { ($0, try $0.parse(text)) }
    }
    let source = FieldPackets([packet])
    try Rewrite(assignments).apply(1, source)
    return packet.holding(source.contents())
  }

  @Test(arguments: vectors)
  func publishedPacketsAreGood(packet: CapturedPacket) {
    #expect(verdict(packet) == .good)
  }

  @Test(arguments: vectors)
  func packetsInPiecesAreGood(packet: CapturedPacket) {
    let source = FieldPackets([packet])
    // The pieces end within the headers' copy, the payload and the ICRC itself.
    for length in [70, 73, 75] where packet.bytes.count > length {
      source.pieceLength = length
      #expect(ICRC.verdict(in: source, at: 0) == .good)
    }
  }

  @Test(arguments: vectors)
  func aCutPacketIsUnverifiableAndNeverBad(packet: CapturedPacket) {
    for count in 0..<packet.bytes.count {
      let cut = CapturedPacket(
        bytes: Array(packet.bytes[..<count]), wireLength: packet.wireLength, link: .ethernet)
      #expect(verdict(cut) == .unverifiable)
    }
  }

  @Test func optionsOfIPv4MakeItUnverifiable() {
    let transport = RDMASamples.transport(Opcode(.reliableConnection, .sendOnly))
    let datagram = PacketSamples.udp(transport, destination: 4791)
    let packet = PacketSamples.ethernet(
      0x0800, PacketSamples.ipv4(17, datagram, options: [1, 1, 1, 1]))
    #expect(
      verdict(CapturedPacket(bytes: packet, wireLength: packet.count, link: .ethernet))
        == .unverifiable)
  }

  @Test(
    arguments: vectors,
    [
      ("eth.src", "02:00:00:00:00:09"), ("vlan.id", "7"), ("ip.dscp", "48"), ("ip.ecn", "CE"),
      ("ip.ttl", "3"), ("ipv6.flow_label", "0x12345"), ("bth.fecn", "true"), ("bth.becn", "true"),
    ])
  func whatRoutersChangeLeavesTheICRCAsItIs(
    packet: CapturedPacket, change: (String, String)
  ) throws {
    let changed = try rewritten(packet, [change])
    #expect(changed.bytes.suffix(4) == packet.bytes.suffix(4))
    #expect(verdict(changed) == .good)
  }

  @Test(
    arguments: vectors,
    [
      ("ip.src", "192.0.2.77"), ("ip.dst", "2001:db8::7"), ("udp.src", "50000"),
      ("bth.dest_qp", "0xabcdef"), ("bth.psn", "77"), ("bth.pkey", "0x8001"), ("reth.length", "9"),
      ("aeth.msn", "4"), ("immdt.data", "1"), ("deth.src_qp", "9"), ("grh.dgid", "fe80::1"),
    ])
  func aRewriteKeepsTheICRCGood(packet: CapturedPacket, change: (String, String)) throws {
    let changed = try rewritten(packet, [change])
    #expect(verdict(changed) == .good)
  }

  @Test(arguments: vectors)
  func aChangeWithoutCorrectionIsBadUntilItIsFixed(packet: CapturedPacket) throws {
    let source = FieldPackets([packet])
    let headers = source.headers(0).pointee
    var bytes = packet.bytes
    bytes[headers[.rdma] + 11] ^= 1
    let changed = FieldPackets([packet.holding(bytes)])
    #expect(ICRC.verdict(in: changed, at: 0) == .bad)
    #expect(ICRC.correct(in: changed, at: 0) == .corrected)
    #expect(ICRC.verdict(in: changed, at: 0) == .good)
    #expect(ICRC.correct(in: changed, at: 0) == .needless)
  }

  /// The same by the difference alone.
  @Test(arguments: vectors)
  func aCorrectedICRCIsTheOneThatIsComputedAnew(packet: CapturedPacket) throws {
    let changed = try rewritten(
      packet, [("bth.psn", "0x123456"), ("udp.src", "4242"), ("ip.src", "10.9.8.7")])
    let source = FieldPackets([changed])
    #expect(ICRC.stored(in: source, at: 0) == ICRC.computed(in: source, at: 0))
  }
}
