// SPDX-License-Identifier: BSD-3-Clause

/// How fast tokens come into a bucket: so many each second, one after the other at even distances,
/// as RFC 2697 and RFC 2698 have it in their section 3. A token stands for a byte or a packet.
///
/// Time is counted in nanoseconds, and what is left of one step goes into the next: after any time,
/// in steps of any size, exactly `floor(perSecond * elapsed)` tokens have come.
@frozen
public struct TokenRate: BitwiseCopyable, Sendable {
  public let perSecond: UInt64
  /// The longest time whose product with the rate fits 64 bits: 184 ms at 800 Gb/s.
  @usableFromInline let longestQuick: UInt64

  @inlinable static var nanosecondsPerSecond: UInt64 { 1_000_000_000 }

  public init(perSecond: UInt64) {
    self.perSecond = perSecond
    longestQuick = perSecond == 0 ? .max : (.max - Self.nanosecondsPerSecond) / perSecond
  }

  /// The tokens that came in `elapsed` nanoseconds. `fraction` is what there is of the next one, in
  /// billionths.
  @inlinable @inline(__always)
  public func tokens(in elapsed: UInt64, _ fraction: inout UInt32) -> UInt64 {
    guard elapsed <= longestQuick else { return tokensOfLongTime(elapsed, &fraction) }
    let billionths = elapsed &* perSecond &+ UInt64(fraction)
    let whole = billionths / Self.nanosecondsPerSecond
    fraction = UInt32(truncatingIfNeeded: billionths &- whole &* Self.nanosecondsPerSecond)
    return whole
  }

  /// The same without a limit; more tokens than any bucket holds become as many as none does.
  @inline(never) @usableFromInline
  func tokensOfLongTime(_ elapsed: UInt64, _ fraction: inout UInt32) -> UInt64 {
    let (seconds, rest) = elapsed.quotientAndRemainder(dividingBy: Self.nanosecondsPerSecond)
    let product = rest.multipliedFullWidth(by: perSecond)
    let (low, carry) = product.low.addingReportingOverflow(UInt64(fraction))
    // The upper half is below the divisor: `rest` is.
    let (ofRest, left) = Self.nanosecondsPerSecond.dividingFullWidth(
      (product.high + (carry ? 1 : 0), low))
    fraction = UInt32(left)
    let (ofSeconds, isTooMany) = seconds.multipliedReportingOverflow(by: perSecond)
    guard !isTooMany, ofSeconds <= TokenBuckets.most, ofRest <= TokenBuckets.most else {
      return TokenBuckets.most
    }
    return min(ofSeconds + ofRest, TokenBuckets.most)
  }
}
