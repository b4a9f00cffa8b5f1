// SPDX-License-Identifier: BSD-3-Clause
internal import CISAL

/// The CRC-32 that Ethernet, gzip and RoCE use: a sum under way, and what it comes to.
///
/// The polynomial is 0x04C11DB7, reflected; the remainder begins as ones and ends inverted.
@frozen
public struct CRC32: Sendable, BitwiseCopyable {
  /// The CRC of the bytes so far, such as zlib's `crc32` gives; 0 of none.
  public var value: UInt32

  /// Goes on where another sum ended, or begins one.
  @inlinable public init(resuming value: UInt32 = 0) { self.value = value }

  public mutating func add(_ bytes: UnsafeRawPointer, count: Int) {
    assert(count >= 0)
    // ISA-L copies fewer than 16 bytes by twos and ones, and waits for its own copy.
    guard count >= 16 else { return addFew(bytes, count: count) }
    let start = bytes.assumingMemoryBound(to: UInt8.self)
    value = crc32_gzip_refl(value, start, UInt64(truncatingIfNeeded: count))
  }

  /// Adds that many bytes of 0, in a time that does not depend on how many.
  public mutating func addZeros(_ count: UInt16) {
    value = ~CRC32.remainder(~value, overZeros: count)
  }

  /// Adds fewer than 16 bytes.
  private mutating func addFew(_ bytes: UnsafeRawPointer, count: Int) {
    var remainder = ~value
    var offset = 0
    while offset &+ 4 <= count {
      let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
      remainder = CRC32.overWord(remainder ^ UInt32(littleEndian: word))
      offset &+= 4
    }
    while offset < count {
      // Only the lowest byte is due: as the last one of a word, whose first three are zeros.
      let due = remainder ^ UInt32(bytes.byte(at: offset))
      remainder = remainder >> 8 ^ CRC32.overWord(due << 24)
      offset &+= 1
    }
    value = ~remainder
  }
}
