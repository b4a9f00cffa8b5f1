// SPDX-License-Identifier: BSD-3-Clause

/// The values of a histogram at one instant.
public struct HistogramSnapshot: Sendable, Equatable {
  /// Values from `lowest` to `highest`, both included.
  public struct Bucket: Sendable, Equatable {
    public var lowest: UInt64
    public var highest: UInt64
    public var count: UInt64

    public init(lowest: UInt64, highest: UInt64, count: UInt64) {
      self.lowest = lowest
      self.highest = highest
      self.count = count
    }
  }

  /// Those that are not empty, lowest first.
  public var buckets: [Bucket] = []
  public var count: UInt64 = 0
  public var sum: UInt64 = 0
  /// 0 where there are no values.
  public var minimum: UInt64 = 0
  public var maximum: UInt64 = 0
  /// How far a quantile may be from the true one, relative to it.
  public var relativeError: Double

  public init(relativeError: Double) { self.relativeError = relativeError }
}
