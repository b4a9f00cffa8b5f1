// SPDX-License-Identifier: BSD-3-Clause

/// What a meter finds of a packet.
@frozen
public enum MeterColor: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case green = 1
  case yellow
  case red
}

/// A meter of three colors: what it is set to. What it remembers is in `TokenBuckets`, one for each
/// stream that it meters.
@frozen
public struct Meter: BitwiseCopyable, Sendable {
  @frozen
  public enum Algorithm: Sendable, BitwiseCopyable {
    /// srTCM, RFC 2697: tokens that the committed bucket has no room for go into the excess bucket.
    case singleRate
    /// trTCM, RFC 2698: a green packet takes tokens from both buckets.
    case twoRate
    /// RFC 4115: two buckets that have nothing to do with each other; a packet takes from one.
    case twoRateInProfile
  }

  public let algorithm: Algorithm
  /// CIR, in tokens per second.
  public let committedRate: TokenRate
  /// CBS, in tokens.
  public let committedSize: UInt64
  /// PIR of `twoRate`, EIR of `twoRateInProfile`; not looked at by `singleRate`.
  public let secondRate: TokenRate
  /// EBS, or PBS of `twoRate`.
  public let secondSize: UInt64

  public init(
    _ algorithm: Algorithm, committedRate: UInt64, committedSize: UInt64, secondRate: UInt64 = 0,
    secondSize: UInt64
  ) {
    self.algorithm = algorithm
    self.committedRate = TokenRate(perSecond: committedRate)
    self.committedSize = min(committedSize, TokenBuckets.most)
    self.secondRate = TokenRate(perSecond: secondRate)
    self.secondSize = min(secondSize, TokenBuckets.most)
  }

  /// A policer: one bucket, and no yellow.
  public init(rate: UInt64, burst: UInt64) {
    self.init(.singleRate, committedRate: rate, committedSize: burst, secondSize: 0)
  }

  /// What a stream begins with.
  @inlinable public var full: TokenBuckets {
    TokenBuckets(committed: committedSize, second: secondSize)
  }

  /// The color of a packet that needs `count` tokens, which it takes.
  ///
  /// - Parameters:
  ///   - count: at least 1.
  ///   - color: what the packet was found to be before: green where the meter is color-blind.
  @inlinable @inline(__always)
  public func color(
    _ count: UInt64, at now: UInt64, after color: MeterColor = .green,
    _ buckets: inout TokenBuckets
  ) -> MeterColor {
    fill(&buckets, until: now)
    return algorithm == .twoRate
      ? takeFromBoth(count, color, &buckets) : takeFromOne(count, color, &buckets)
  }

  @inlinable @inline(__always)
  func fill(_ buckets: inout TokenBuckets, until now: UInt64) {
    let elapsed = buckets.advance(to: now)
    guard elapsed > 0 else { return }
    let committed =
      buckets.committed
      &+ committedRate.tokens(in: elapsed, &buckets.committedFraction)
    buckets.committed = min(committed, committedSize)
    let added =
      algorithm == .singleRate
      ? committed &- buckets.committed
      : secondRate.tokens(in: elapsed, &buckets.secondFraction)
    buckets.second = min(buckets.second &+ added, secondSize)
  }

  /// RFC 2697 and RFC 4115, section 3 of both.
  @inlinable @inline(__always)
  func takeFromOne(
    _ count: UInt64, _ color: MeterColor, _ buckets: inout TokenBuckets
  ) -> MeterColor {
    if color == .green && buckets.committed >= count {
      buckets.committed &-= count
      return .green
    }
    if color != .red && buckets.second >= count {
      buckets.second &-= count
      return .yellow
    }
    return .red
  }

  /// RFC 2698, section 3.
  @inlinable @inline(__always)
  func takeFromBoth(
    _ count: UInt64, _ color: MeterColor, _ buckets: inout TokenBuckets
  ) -> MeterColor {
    if color == .red || buckets.second < count { return .red }
    buckets.second &-= count
    if color == .yellow || buckets.committed < count { return .yellow }
    buckets.committed &-= count
    return .green
  }
}
