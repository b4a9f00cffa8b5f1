// SPDX-License-Identifier: BSD-3-Clause

/// A header that the invariant CRC covers, but for the bits that may change on the way: those
/// count as ones (InfiniBand Architecture 7.8.1; Annex A17 for RoCEv2).
@frozen
public enum ICRCHeader: UInt8, Sendable, CaseIterable, BitwiseCopyable {
  /// The local route header of InfiniBand. Over Ethernet, and where a global route header follows,
  /// 8 bytes of ones stand for it.
  case lrh
  /// IPv4 without options.
  case ipv4
  /// IPv6 without extension headers, and the global route header, which is laid out alike.
  case ipv6
  case udp
  case bth

  @inlinable
  public var length: Int {
    switch self {
    case .lrh, .udp: 8
    case .ipv4: 20
    case .ipv6: 40
    case .bth: 12
    }
  }

  /// The bits of the first 16 bytes that count as ones, in memory order; there are none behind.
  @inlinable
  public var variant: SIMD2<UInt64> {
    switch self {
    // The virtual lane.
    case .lrh: SIMD2(0xf0, 0)
    // The type of service; the time to live and the header checksum.
    case .ipv4: SIMD2(0xff00, 0xffff_00ff)
    // The traffic class, the flow label and the hop limit.
    case .ipv6: SIMD2(0xff00_0000_ffff_ff0f, 0)
    // The checksum.
    case .udp: SIMD2(0xffff_0000_0000_0000, 0)
    // Both congestion bits, and the reserved ones beside them.
    case .bth: SIMD2(0x00ff_0000_0000, 0)
    }
  }

  /// Which bits of the byte at `offset` the ICRC covers; none outside of the header.
  @inlinable
  public func covered(byteAt offset: Int) -> UInt8 {
    guard 0 <= offset, offset < length else { return 0 }
    guard offset < 16 else { return 0xff }
    let word = offset < 8 ? variant.x : variant.y
    return ~UInt8(truncatingIfNeeded: word >> UInt64(8 &* (offset & 7)))
  }

  /// The same of the 8 bytes from `offset` on, in memory order. The window may begin before the
  /// header and reach behind it: what it covers of one header after the other can be joined.
  @inlinable
  public func covered(from offset: Int) -> UInt64 {
    (0..<8).reduce(0) { $0 | UInt64(covered(byteAt: offset + $1)) << UInt64(8 * $1) }
  }
}
