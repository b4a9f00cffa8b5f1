// SPDX-License-Identifier: BSD-3-Clause

/// By how much a sum of 16-bit words in one's complement changes; not folded yet.
@frozen
@usableFromInline
struct ChecksumDifference: BitwiseCopyable {
  @usableFromInline var sum: UInt64

  @inlinable @inline(__always)
  init(from old: UInt64, to new: UInt64) {
    sum = Self.added(~old, new)
  }

  @inlinable @inline(__always)
  mutating func add(_ other: ChecksumDifference) { sum = Self.added(sum, other.sum) }

  /// Brought down to 16 bits; 0xffff when nothing changed.
  @inlinable @inline(__always)
  var folded: UInt64 { foldedSum(sum) }

  /// A carry out of the top comes in at the bottom.
  @inlinable @inline(__always)
  static func added(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let (sum, carry) = left.addingReportingOverflow(right)
    return sum &+ (carry ? 1 : 0)
  }
}

/// Each line adds the upper half to the lower one; after the last, nothing is left above 16 bits.
@inlinable @inline(__always)
func foldedSum(_ sum: UInt64) -> UInt64 {
  var sum = (sum & 0xffff_ffff) &+ (sum &>> 32)
  sum = (sum & 0xffff) &+ (sum &>> 16)
  sum = (sum & 0xffff) &+ (sum &>> 16)
  return (sum & 0xffff) &+ (sum &>> 16)
}

/// RFC 1624, equation 3, in memory order.
@inlinable @inline(__always)
func correctedChecksum(_ checksum: UInt16, by difference: UInt64) -> UInt16 {
  ~UInt16(truncatingIfNeeded: foldedSum(UInt64(~checksum) &+ difference))
}

@inlinable @inline(__always)
func correctChecksum(_ place: UnsafeMutableRawPointer, by difference: UInt64) {
  let checksum = place.loadUnaligned(as: UInt16.self)
  place.storeBytes(of: correctedChecksum(checksum, by: difference), as: UInt16.self)
}

/// A UDP checksum of 0 says that there is none, and one that comes out as 0 is sent as 0xffff
/// (RFC 768). A later fragment has no transport layer and is left alone.
@inlinable @inline(__always)
func correctTransport(
  _ layers: UInt64, _ transport: UnsafeMutableRawPointer, by difference: UInt64
) {
  if layers & Layers.udp.rawValue != 0 {
    let checksum = transport.loadUnaligned(fromByteOffset: 6, as: UInt16.self)
    guard checksum != 0 else { return }
    let corrected = correctedChecksum(checksum, by: difference)
    transport.storeBytes(of: corrected == 0 ? 0xffff : corrected, toByteOffset: 6, as: UInt16.self)
  } else if layers & Layers.tcp.rawValue != 0 {
    correctChecksum(transport + 16, by: difference)
  } else if layers & Layers.icmpv6.rawValue != 0 {
    correctChecksum(transport + 2, by: difference)
  }
}
