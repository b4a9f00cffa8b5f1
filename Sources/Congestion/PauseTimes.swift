// SPDX-License-Identifier: BSD-3-Clause

/// What a frame of flow control asks for: which priorities are to stop, and for how long.
@frozen
public struct PauseTimes: BitwiseCopyable, Sendable {
  /// So many priorities are told apart (IEEE 802.1Q).
  @inlinable public static var priorities: Int { 8 }

  /// The priorities whose times count, a bit each: the lower byte of the class-enable vector.
  public var vector: UInt8
  /// By priority, in times of 512 bits; 0 lets it go on.
  public var quanta: InlineArray<8, UInt16>

  @inlinable public init(vector: UInt8, quanta: InlineArray<8, UInt16>) {
    self.vector = vector
    self.quanta = quanta
  }

  /// The same time for all priorities of a vector.
  @inlinable public init(vector: UInt8, all time: UInt16) {
    self.init(vector: vector, quanta: .init(repeating: time))
  }

  /// How long so many quanta are at a rate, in nanoseconds: 512 bit times each (IEEE 802.3, 31B.2),
  /// the sum rounded up, so that nothing begins before the pause is over.
  public static func nanoseconds(_ quanta: UInt16, bitRate: UInt64) -> UInt64 {
    let bits = UInt64(quanta) * 512 * 1_000_000_000
    return (bits + bitRate - 1) / bitRate
  }
}

/// Sums of times that end at the end of time.
extension UInt64 {
  @inlinable @inline(__always)
  func later(by nanoseconds: UInt64) -> UInt64 {
    let (sum, isTooLate) = addingReportingOverflow(nanoseconds)
    return isTooLate ? .max : sum
  }
}
