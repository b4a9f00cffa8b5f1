// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Wire

private func checksum(_ bytes: [UInt8]) -> UInt16 {
  var checksum = Checksum()
  bytes.withUnsafeBytes { buffer in
    if let start = buffer.baseAddress { checksum.add(start, count: buffer.count) }
  }
  return checksum.value
}

/// The definition, word by word, to hold the fast sum against.
private func plainChecksum(_ bytes: [UInt8]) -> UInt16 {
  var sum = 0
  for index in stride(from: 0, to: bytes.count, by: 2) {
    sum += Int(bytes[index]) << 8 + (index + 1 < bytes.count ? Int(bytes[index + 1]) : 0)
    sum = sum & 0xffff + sum >> 16
  }
  return ~UInt16(sum)
}

struct ChecksumTests {
  /// RFC 1071 section 3: the words sum to 0xddf2.
  @Test func theExampleOfRFC1071() {
    #expect(checksum([0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]) == ~0xddf2)
  }

  /// RFC 1624 section 4: equation 3 gives 0x0000 where that of RFC 1141 gives 0xffff.
  @Test func theExampleOfRFC1624() {
    #expect(Checksum.updated(0xdd2f, from: 0x5555 as UInt16, to: 0x3285) == 0x0000)
  }

  /// The first word of an IPv4 header, before and after a mark; each was also summed in full.
  @Test(arguments: [
    (0x9161, 0x45c2, 0x45c3, 0x9160), (0x9161, 0x45c2, 0x456a, 0x91b9),
    (0xb46c, 0x456a, 0x456b, 0xb46b),
  ])
  func marksLowerTheHeaderChecksum(header: Int, old: Int, new: Int, expected: Int) {
    let updated = Checksum.updated(UInt16(header), from: UInt16(old), to: UInt16(new))
    #expect(updated == UInt16(expected))
  }

  @Test func everyLengthGivesTheDefinedSum() {
    var random = SplitMix(state: 1)
    for count in 0..<300 {
      let bytes = random.bytes(count)
      #expect(checksum(bytes) == plainChecksum(bytes))
    }
  }

  @Test func buffersOfAllOnesDoNotOverflow() {
    let bytes = [UInt8](repeating: 0xff, count: 65535)
    #expect(checksum(bytes) == plainChecksum(bytes))
  }

  @Test func piecesAddUpToTheWhole() {
    var random = SplitMix(state: 2)
    let bytes = random.bytes(100)
    var pieces = Checksum()
    bytes.withUnsafeBytes { buffer in
      guard let start = buffer.baseAddress else { return }
      pieces.add(start, count: 14)
      pieces.add(start + 14, count: 86)
    }
    #expect(pieces.value == checksum(bytes))
  }

  @Test func integersAreAddedAsTheyLieInAPacket() {
    var sum = Checksum()
    sum.add(0x0102 as UInt16)
    sum.add(0x0304_0506 as UInt32)
    sum.add(0x0708_090a_0b0c_0d0e as UInt64)
    #expect(sum.value == checksum([UInt8](1...14)))
  }

  @Test func updatesEqualFullSums() {
    var random = SplitMix(state: 3)
    for _ in 0..<20_000 {
      // As in every packet, not all that is summed is 0: a version, a port, a length.
      let old = random.edgy(32) + [0x45, 0x00]
      var new = old
      new.replaceSubrange(0..<16, with: random.edgy(16))
      #expect(update128(checksum(old), old, new) == checksum(new))

      new = old
      new.replaceSubrange(4..<8, with: random.edgy(4))
      let updated = Checksum.updated(checksum(old), from: word(old, 4), to: word(new, 4))
      #expect(updated == checksum(new))

      new = old
      new.replaceSubrange(6..<8, with: random.edgy(2))
      let short = Checksum.updated(
        checksum(old), from: UInt16(word(old, 4) & 0xffff), to: UInt16(word(new, 4) & 0xffff))
      #expect(short == checksum(new))
    }
  }

  @Test func absentUDPChecksumsStayAbsent() {
    #expect(Checksum.updatedUDP(0, from: 1 as UInt16, to: 2) == 0)
    #expect(Checksum.updatedUDP(0, from: 1 as UInt32, to: 2) == 0)
    let address = IPv6Address(high: 1, low: 2)
    #expect(Checksum.updatedUDP(0, from: address, to: IPv6Address(high: 3, low: 4)) == 0)
  }

  @Test func aUDPChecksumThatComesToZeroIsSentAsOnes() {
    #expect(Checksum.updatedUDP(0xdd2f, from: 0x5555 as UInt16, to: 0x3285) == 0xffff)
    #expect(Checksum.updatedUDP(0xdd2f, from: 0x5555 as UInt32, to: 0x3285) == 0xffff)
  }

  private func word(_ bytes: [UInt8], _ index: Int) -> UInt32 {
    bytes[index..<(index + 4)].reduce(0) { $0 << 8 | UInt32($1) }
  }

  private func update128(_ checksum: UInt16, _ old: [UInt8], _ new: [UInt8]) -> UInt16 {
    func address(_ bytes: [UInt8]) -> IPv6Address {
      IPv6Address(
        high: UInt64(word(bytes, 0)) << 32 | UInt64(word(bytes, 4)),
        low: UInt64(word(bytes, 8)) << 32 | UInt64(word(bytes, 12)))
    }
    return Checksum.updated(checksum, from: address(old), to: address(new))
  }
}

/// A small generator of the same numbers in every run.
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    let mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
    return mixed ^ (mixed >> 27)
  }

  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: next() >> 32) }
  }

  /// Bytes of which many are all zeros or all ones, where one's complement has its two zeros.
  mutating func edgy(_ count: Int) -> [UInt8] {
    switch next() >> 32 & 3 {
    case 0: [UInt8](repeating: 0, count: count)
    case 1: [UInt8](repeating: 0xff, count: count)
    default: bytes(count)
    }
  }
}
