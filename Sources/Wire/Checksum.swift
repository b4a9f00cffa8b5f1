// SPDX-License-Identifier: BSD-3-Clause

/// The Internet checksum (RFC 1071): a sum under way, and what it comes to.
///
/// The sum is kept in memory order, which one's complement addition allows (RFC 1071 section 2 B),
/// so that bytes are added as they lie. Arguments and results are in host order.
@frozen
public struct Checksum: Sendable, BitwiseCopyable {
  /// A sum of 32-bit words; it can take 2^32 of them.
  @usableFromInline var sum: UInt64 = 0

  @inlinable public init() {}

  /// Adds bytes that begin at an even distance from the start; an odd last one ends the sum.
  @inlinable
  public mutating func add(_ bytes: UnsafeRawPointer, count: Int) {
    assert(count >= 0)
    // Two halves without carries: the compiler makes vectors of them.
    var low: UInt64 = 0
    var high: UInt64 = 0
    var offset = 0
    while offset &+ 8 <= count {
      let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      low &+= word & 0xffff_ffff
      high &+= word >> 32
      offset &+= 8
    }
    // Neither half overflows: it would take 2^32 words of 8 bytes.
    sum = Checksum.halve(sum) &+ Checksum.halve(low) &+ Checksum.halve(high)
    addLast(bytes + offset, count: count &- offset)
  }

  /// Adds fewer than 8 bytes.
  @inlinable
  mutating func addLast(_ bytes: UnsafeRawPointer, count: Int) {
    var offset = 0
    if count & 4 != 0 {
      sum &+= UInt64(bytes.loadUnaligned(as: UInt32.self))
      offset = 4
    }
    if count & 2 != 0 {
      sum &+= UInt64(bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
      offset &+= 2
    }
    if count & 1 != 0 {
      sum &+= UInt64((UInt16(bytes.byte(at: offset)) << 8).bigEndian)
    }
  }

  @inlinable
  public mutating func add(_ value: UInt16) { sum &+= UInt64(value.bigEndian) }

  @inlinable
  public mutating func add(_ value: UInt32) { sum &+= UInt64(value.bigEndian) }

  @inlinable
  public mutating func add(_ value: UInt64) {
    let word = value.bigEndian
    sum &+= (word & 0xffff_ffff) &+ (word >> 32)
  }

  /// The complement of the sum, as it goes into a header; 0 over a header that holds its own.
  @inlinable
  public var value: UInt16 { ~UInt16(bigEndian: Checksum.fold(sum)) }

  /// Folds the carries above 32 bits back in; the result has at most 33.
  @inlinable
  static func halve(_ sum: UInt64) -> UInt64 { (sum & 0xffff_ffff) &+ (sum >> 32) }

  @inlinable
  static func fold(_ sum: UInt64) -> UInt16 {
    let word = halve(halve(sum))
    // At most 0x1fffe, then at most 0xffff.
    let folded = (word & 0xffff) &+ (word >> 16)
    return UInt16(truncatingIfNeeded: (folded & 0xffff) &+ (folded >> 16))
  }
}
