// SPDX-License-Identifier: BSD-3-Clause

/// With what probability a packet is marked, by what a queue measures: its depth in bytes, or the
/// time that packets wait in it, in nanoseconds.
///
/// Nothing up to `min`, from there a straight line up to `probability` at `max`, and beyond `max`
/// everything, as DCQCN has it (SIGCOMM 2015, figure 5). DCTCP's step is `min` = `max`.
@frozen
public struct MarkingCurve: BitwiseCopyable, Hashable, Sendable {
  public let min: UInt64
  /// Not below `min`.
  public let max: UInt64
  /// At `max`, in 2^-32: at most `always`.
  public let probability: UInt64

  @inlinable public static var always: UInt64 { 1 << 32 }

  public init(min: UInt64, max: UInt64, probability: UInt64 = MarkingCurve.always) {
    self.min = min
    self.max = Swift.max(min, max)
    self.probability = Swift.min(probability, Self.always)
  }

  /// Everything beyond a threshold.
  public init(step: UInt64) { self.init(min: step, max: step) }

  /// Never marks.
  public static var never: MarkingCurve { MarkingCurve(step: .max) }

  /// A share of one as 2^-32 parts.
  public static func probability(_ share: Double) -> UInt64 {
    UInt64((Swift.min(Swift.max(share, 0), 1) * Double(always)).rounded())
  }

  /// Whether a packet is chosen. A number is drawn only between `min` and `max`.
  @inlinable @inline(__always)
  public func marks(
    at measure: UInt64, _ generator: inout some RandomNumberGenerator
  ) -> Bool {
    if measure <= min { return false }
    if measure > max { return true }
    return marksOnSlope(measure &- min, generator.next() &>> 32)
  }

  /// Compares `drawn` with `probability * distance / (max - min)` without a division: exact.
  @inlinable
  func marksOnSlope(_ distance: UInt64, _ drawn: UInt64) -> Bool {
    let left = drawn.multipliedFullWidth(by: max &- min)
    let right = probability.multipliedFullWidth(by: distance)
    return left.high == right.high ? left.low < right.low : left.high < right.high
  }
}
