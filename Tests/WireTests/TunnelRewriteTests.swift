// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Wire

private typealias Packet = PacketSamples
private typealias Sample = TunnelSamples

/// Fields of RoCE are written in tunnels too, and every checksum around them stays right.
struct TunnelRewriteTests {
  /// A datagram whose checksum is right, or absent.
  private static func datagram(_ payload: [UInt8], to port: UInt16, isSummed: Bool) -> [UInt8] {
    let packet = CapturedPacket(
      bytes: Packet.ethernet(0x0800, Sample.datagram(payload, to: port)),
      wireLength: 42 + payload.count, link: .ethernet)
    return Array((isSummed ? RewriteSamples.summed(packet) : packet.bytes)[14...])
  }

  private static func vxlan(outer: Bool, inner: Bool) -> [UInt8] {
    let frame = Packet.ethernet(0x0800, datagram(Sample.write, to: 4791, isSummed: inner))
    return Packet.ethernet(0x0800, datagram(Sample.vxlan(frame), to: 4789, isSummed: outer))
  }

  private static func rewritten(_ bytes: [UInt8]) throws -> [UInt8] {
    let field = try #require(FieldTable.field(named: "bth.dest_qp"))
    let source = FieldPackets(bytes)
    try Rewrite([(field, .number(0x77_8899))]).apply(1, source)
    #expect(field.value(in: source) == .number(0x77_8899))
    return source.contents()
  }

  /// The sum of a correct datagram with its pseudo-header is a whole number of times 0xffff.
  private func isCorrect(_ bytes: ArraySlice<UInt8>) -> Bool {
    var words = Array(bytes[(bytes.startIndex + 12)...])
    if words.count % 2 != 0 { words.append(0) }
    let sum = stride(from: 0, to: words.count, by: 2).reduce(17 + bytes.count - 20) {
      $0 + Int(words[$1]) << 8 + Int(words[$1 + 1])
    }
    return sum % 0xffff == 0
  }

  @Test(arguments: [false, true], [false, true])
  func checksumsOfVXLANFollow(outer: Bool, inner: Bool) throws {
    let before = Self.vxlan(outer: outer, inner: inner)
    let after = try Self.rewritten(before)
    for (packet, isSummed) in [(14, outer), (64, inner)] {
      let checksum = after[(packet + 26)..<(packet + 28)]
      #expect((checksum != [0, 0]) == isSummed)
      if isSummed {
        #expect(isCorrect(before[packet...]))
        #expect(isCorrect(after[packet...]))
      }
    }
  }

  @Test func theChecksumOfGREFollowsWhereTheDatagramHasNone() throws {
    let inner = Self.datagram(Sample.write, to: 4791, isSummed: false)
    let bytes = Sample.overGRE(Sample.gre(0x80, 0x0800, [0x12, 0x34, 0, 0] + inner))
    let after = try Self.rewritten(bytes)
    func sum(_ bytes: [UInt8]) -> Int {
      stride(from: 34, to: bytes.count, by: 2).reduce(0) {
        ($0 + Int(bytes[$1]) << 8 + Int(bytes[$1 + 1])) % 0xffff
      }
    }
    #expect(after != bytes)
    #expect(sum(after) == sum(bytes))
  }
}
