// SPDX-License-Identifier: BSD-3-Clause

/// Arithmetic on remainders: the CRC without the ones it begins with and the inversion at its end.
///
/// Remainders are linear: that of a difference is the difference of the remainders. A remainder
/// is a polynomial modulo the CRC's, whose highest power is bit 0.
extension CRC32 {
  /// What a remainder becomes over that many bytes of 0, by which its polynomial is multiplied by
  /// x to the power of 8 for each.
  public static func remainder(_ remainder: UInt32, overZeros count: UInt16) -> UInt32 {
    let low = CRC32Tables.bytes[Int(count & 0xff)]
    let high = CRC32Tables.pages[Int(count >> 8)]
    return multiply(remainder, multiply(low, high))
  }

  /// 8 bytes, the first one lowest, modulo the CRC's polynomial. Over 4 bytes of 0 it becomes what
  /// a CRC makes of them, which multiplies by x to the power of 32.
  @inline(__always)
  static func reduce(_ bytes: UInt64) -> UInt32 {
    let low = UInt32(truncatingIfNeeded: bytes)
    return UInt32(truncatingIfNeeded: bytes >> 32) ^ overWord(low)
  }

  /// What a remainder becomes over 4 bytes of 0.
  @inline(__always)
  static func overWord(_ remainder: UInt32) -> UInt32 {
    let first = overWord(remainder, 0) ^ overWord(remainder, 1)
    let second = overWord(remainder, 2) ^ overWord(remainder, 3)
    let third = overWord(remainder, 4) ^ overWord(remainder, 5)
    return first ^ second ^ (third ^ (overWord(remainder, 6) ^ overWord(remainder, 7)))
  }

  /// The part that one digit of 4 bits has in it.
  @inline(__always)
  private static func overWord(_ remainder: UInt32, _ digit: Int) -> UInt32 {
    let value = Int(truncatingIfNeeded: remainder >> UInt32(4 &* digit) & 15)
    return CRC32Tables.digits[16 &* digit &+ value]
  }

  /// The product of the polynomials and x, which the factors of `CRC32Tables` make up for.
  @inline(__always)
  private static func multiply(_ one: UInt32, _ other: UInt32) -> UInt32 {
    reduce(product(one, other))
  }

  /// The product without carries: each factor is cut into four that have every fourth bit only, so
  /// that the carries of the processor's multiplication end in the three zeros between two bits.
  @inline(__always)
  private static func product(_ one: UInt32, _ other: UInt32) -> UInt64 {
    let a = SIMD4(repeating: UInt64(one))
    let b = SIMD4(repeating: UInt64(other))
    let every = SIMD4<UInt64>(1, 2, 4, 8) &* 0x1111_1111
    let first = (a & every.x) &* (b & every)
    let second = (a & every.y) &* (b & SIMD4(every.w, every.x, every.y, every.z))
    let third = (a & every.z) &* (b & SIMD4(every.z, every.w, every.x, every.y))
    let fourth = (a & every.w) &* (b & SIMD4(every.y, every.z, every.w, every.x))
    let mixed = first ^ second ^ (third ^ fourth)
    let parts = mixed & (SIMD4<UInt64>(1, 2, 4, 8) &* 0x1111_1111_1111_1111)
    return parts.x | parts.y | (parts.z | parts.w)
  }
}
