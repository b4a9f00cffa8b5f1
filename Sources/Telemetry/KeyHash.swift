// SPDX-License-Identifier: BSD-3-Clause
public import Tables

/// Turns the bytes of keys into 64 bits that look random. Who does not know the seed cannot choose
/// keys that meet.
///
/// Keys have no padding between or behind their fields: it need not be equal where keys are.
@frozen @usableFromInline
struct KeyHash<Key: BitwiseCopyable>: BitwiseCopyable {
  @usableFromInline let first: UInt64
  @usableFromInline let second: UInt64

  init(seed: UInt64) {
    // Factors of few bits would mix badly.
    first = foldedProduct(seed ^ 0x2d35_8dcc_aa6c_78a5, 0x8bb8_4b93_962e_acc9) | 1
    second = foldedProduct(first ^ 0x4b33_a62e_d433_d4a3, 0x9e37_79b9_7f4a_7c15) | 1
  }

  @inlinable @inline(__always)
  func callAsFunction(_ key: Key) -> UInt64 {
    withUnsafeBytes(of: key) { bytes in
      var hash = second
      var place = 0
      while place &+ 8 <= MemoryLayout<Key>.size {
        let word = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
        hash = foldedProduct(hash ^ word, first)
        place &+= 8
      }
      var rest: UInt64 = 0
      while place < MemoryLayout<Key>.size {
        rest = rest &<< 8 | UInt64(bytes[place])
        place &+= 1
      }
      return foldedProduct(hash ^ rest, second)
    }
  }
}
