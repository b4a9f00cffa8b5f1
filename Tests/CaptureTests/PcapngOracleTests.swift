// SPDX-License-Identifier: BSD-3-Clause

import Capture
import Glibc
import Testing

/// Our reading of pcapng files, held against libpcap's wherever libpcap can read them.
struct PcapngOracleTests {
  let folder = TemporaryFolder()

  /// Everything that libpcap knows, in one file of one section.
  static func sample(_ order: ByteOrder, resolution: UInt8?, offset: Int64?) -> [[UInt8]] {
    let file = PcapngFile(order: order)
    let interface = file.interface(snapLength: 96, resolution: resolution, offset: offset)
    let ticks: [UInt64] = [0, 1, 999, 1_000_001, 1_700_000_123_456, 1_700_000_000_123_456]
    let packets = ticks.enumerated().flatMap { number, ticks in
      let bytes = Array(repeating: UInt8(number), count: number * 15)
      return [
        file.packet(bytes, of: UInt32(number & 1), ticks: ticks, length: 1500, comment: true),
        file.obsoletePacket(bytes, of: UInt16(number & 1), ticks: ticks),
        file.simplePacket(bytes), file.block(0xBAD, bytes), file.block(5, [1, 2, 3]),
      ]
    }
    return [file.section, interface, interface] + packets
      + [file.simplePacket(Array(repeating: 9, count: 96), length: 1000)]
  }

  static let resolutions: [UInt8?] = [nil, 0, 3, 6, 9, 10, 12, 0x80, 0x83, 0x8A, 0x94, 0x9E]

  @Test(arguments: ByteOrder.allCases, resolutions)
  func everyBlockIsReadAsByLibpcap(order: ByteOrder, resolution: UInt8?) {
    for offset in [nil, 0, 1, 1_600_000_000] as [Int64?] {
      let bytes = Self.sample(order, resolution: resolution, offset: offset).flatMap { $0 }
      let path = folder.file(bytes, "in.pcapng")
      // Where libpcap's sums overflow, there is no telling what it reads.
      let expected = LibpcapReading(path).packets
      let ours = Reading(path)
      #expect(ours.error == nil)
      #expect(ours.packets.map { LibpcapReading.Packet($0) } == expected)
      #expect(expected.count == 19)
    }
  }

  /// Interfaces are left whole: libpcap's arithmetic overflows with odd resolutions.
  @Test(arguments: ByteOrder.allCases)
  func damageLeavesThePacketsThatLibpcapReadsToo(order: ByteOrder) {
    var generator = Numbers(state: 1)
    let pieces = Self.sample(order, resolution: 9, offset: nil)
    let whole = pieces.flatMap { $0 }
    let fixed = pieces.prefix(3).map(\.count).reduce(0, +)
    for _ in 0..<2000 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let place = Int.random(in: fixed..<bytes.count, using: &generator)
        bytes[place] =
          [0, 1, 0x7F, 0xFF, UInt8.random(in: 0...255, using: &generator)]
          .randomElement(using: &generator) ?? 0
      }
      bytes.removeLast(
        Int.random(in: 0...1, using: &generator) * Int.random(in: 0...40, using: &generator))
      let path = folder.file(bytes, "in.pcapng")
      let (expected, ours) = (LibpcapReading(path), Reading(path))
      let same = ours.packets.prefix(expected.packets.count).map { LibpcapReading.Packet($0) }
      let isSame = same == expected.packets
      #expect(isSame, "\(bytes)")
      #expect(expected.error != nil || ours.error == nil, "\(bytes)")
      if !isSame { return }
    }
  }

  @Test(
    .enabled(if: PublicCaptureTests.isThere, "the shared captures are not here"),
    arguments: PublicCaptureTests.readable)
  func publicCapturesAreReadAsByLibpcap(entry: PublicCaptureTests.Entry) throws {
    guard try CaptureReader(path: entry.path).format == .pcapng else { return }
    let (expected, ours) = (LibpcapReading(entry.path), Reading(entry.path))
    let same = ours.packets.prefix(expected.packets.count).map { LibpcapReading.Packet($0) }
    #expect(same == expected.packets)
    #expect(expected.error != nil || ours.packets.count == expected.packets.count)
  }
}

/// Numbers that are the same in every run (xorshift64, Marsaglia 2003).
private struct Numbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
