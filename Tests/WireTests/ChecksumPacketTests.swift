// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Wire

/// Packets whose checksums others computed: those of Zeek's test captures, and the header that
/// textbooks sum.
private enum Summed {
  static let udp = bytes(
    "ffffffffffff 000000000000 0800 4500002000010000 40117cca 7f000001 7f000001"
      + "753032c8000ca92a 58585858")
  static let tcp = bytes(
    "ffffffffffff 000000000000 0800 4500002800010000 40067ccd 7f000001 7f000001"
      + "75300050 00000000 00000000 50022000 1c600000")
  static let udp6 = bytes(
    "ffffffffffff 000000000000 86dd 60000000000c1140 200104f80004000702e081fffe52ffff"
      + "200104f80004000702e081fffe529a6b 753032c8000cbc54 58585858")
  static let header = bytes("45000073000040004011b861c0a80001c0a800c7")

  private static func bytes(_ text: String) -> [UInt8] {
    let digits = text.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }
}

struct ChecksumPacketTests {
  private func expected(
    _ bytes: [UInt8], wireLength: Int? = nil, link: LinkType = .ethernet
  ) -> (header: UInt16?, transport: UInt16?, state: ChecksumState) {
    let packet = CapturedPacket(bytes: bytes, wireLength: wireLength ?? bytes.count, link: link)
    let headers = packet.parsed()
    return bytes.withUnsafeBytes { buffer in
      guard let start = buffer.baseAddress else { return (nil, nil, .unknown) }
      return (
        Checksum.ipv4Header(of: start, headers), Checksum.transport(of: start, headers),
        Checksum.transportState(of: start, headers)
      )
    }
  }

  @Test func headersOfIPv4() {
    #expect(expected(Summed.header, wireLength: 115, link: .rawIP).header == 0xb861)
    #expect(expected(Summed.udp).header == 0x7cca)
    #expect(expected(Summed.udp6).header == nil)
  }

  @Test func datagramsAndSegments() {
    #expect(expected(Summed.udp).transport == 0xa92a)
    #expect(expected(Summed.udp6).transport == 0xbc54)
    #expect(expected(Summed.tcp).transport == 0x1c60)
    #expect(expected(Summed.tcp).state == .correct)
  }

  @Test func aChangedByteIsNoticed() {
    var bytes = Summed.udp
    bytes[45] ^= 1
    #expect(expected(bytes).state == .wrong)
  }

  @Test func aDatagramWithoutChecksumIsNotWrong() {
    var bytes = Summed.udp
    bytes.replaceSubrange(40..<42, with: [0, 0])
    #expect(expected(bytes).state == .absent)
    #expect(expected(bytes).transport == 0xa92a)
  }

  @Test func aDatagramThatSumsToZeroHasAChecksumOfOnes() {
    var bytes = Summed.udp
    // One payload word takes up all that the checksum would be.
    // A payload word grows by the checksum, in one's complement: 0x5858 + 0xa92a = 0x10182.
    bytes.replaceSubrange(42..<44, with: [0x01, 0x83])
    #expect(expected(bytes).transport == 0xffff)
  }

  @Test func paddingIsNotSummed() {
    #expect(expected(Summed.tcp + [1, 2, 3, 4, 5, 6]).state == .correct)
  }

  @Test func whatIsNotAllThereIsNotJudged() {
    #expect(expected(Array(Summed.udp.dropLast()), wireLength: 46).state == .unknown)
    var fragment = Summed.udp
    fragment[20] = 0x20
    #expect(expected(fragment).state == .unknown)
  }
}
