// SPDX-License-Identifier: BSD-3-Clause

/// How often values of each size came, in a fixed room: each octave is cut into `2^precision`
/// buckets of one width, so that a bucket is as wide as its values are large.
///
/// A bucket's middle is within `2^-(precision + 1)` of each of its values, relative to that value;
/// values below `2^(precision + 1)` have a bucket each. What is `2^bits` or more is counted in one
/// bucket at the end, of which only the minimum and the maximum are known.
///
/// One worker records; others may take snapshots meanwhile, which have what was recorded up to some
/// instant while they were taken.
@frozen
public struct LogLinearHistogram: ~Copyable {
  @usableFromInline let precision: UInt64
  /// The bucket for what is beyond the range.
  @usableFromInline let last: Int
  @usableFromInline let counts: UnsafeMutablePointer<UInt64>
  @usableFromInline let extremes: UnsafeMutablePointer<Extremes>

  @frozen @usableFromInline
  struct Extremes: BitwiseCopyable {
    @usableFromInline var sum: UInt64 = 0
    @usableFromInline var minimum: UInt64 = .max
    @usableFromInline var maximum: UInt64 = 0
  }

  /// - Parameters:
  ///   - precision: Of 3 to 7.
  ///   - bits: Above `precision`, up to 64.
  public init(precision: Int = 5, bits: Int = 40) {
    let precision = min(max(precision, 3), 7)
    let bits = min(max(bits, precision + 1), 64)
    self.precision = UInt64(precision)
    last = (bits - precision + 1) << precision
    counts = .allocate(capacity: last + 1)
    counts.initialize(repeating: 0, count: last + 1)
    extremes = .allocate(capacity: 1)
    extremes.initialize(to: Extremes())
  }

  deinit {
    counts.deallocate()
    extremes.deallocate()
  }

  public var byteCount: Int {
    (last + 1) * MemoryLayout<UInt64>.stride + MemoryLayout<Extremes>.stride
  }

  public var relativeError: Double { 1 / Double(2 << precision) }

  @inlinable @inline(__always)
  public func record(_ value: UInt64) {
    if value < extremes.pointee.minimum { extremes.pointee.minimum = value }
    if value > extremes.pointee.maximum { extremes.pointee.maximum = value }
    extremes.pointee.sum = extremes.pointee.sum.addingWithoutWrapping(value)
    counts[bucket(of: value)] &+= 1
  }

  /// The same value so many times.
  public func record(_ value: UInt64, times: UInt64) {
    guard times > 0 else { return }
    record(value)
    counts[bucket(of: value)] &+= times &- 1
    let (rest, isOver) = value.multipliedReportingOverflow(by: times &- 1)
    let (sum, isBeyond) = extremes.pointee.sum.addingReportingOverflow(rest)
    extremes.pointee.sum = isOver || isBeyond ? .max : sum
  }

  /// Counts a value in the least time: its sum and extremes are then those of the buckets' middles
  /// and ends. A histogram has either values that are recorded or such that are tallied.
  @inlinable @inline(__always)
  public func tally(_ value: UInt64) { counts[bucket(of: value)] &+= 1 }

  /// The topmost `precision + 1` bits of a value, behind the number of bits that they leave out.
  @inlinable @inline(__always)
  func bucket(of value: UInt64) -> Int {
    let highest = 63 &- UInt64(truncatingIfNeeded: (value | 1 &<< precision).leadingZeroBitCount)
    let dropped = highest &- precision
    return min(Int(truncatingIfNeeded: dropped &<< precision &+ value &>> dropped), last)
  }

  /// The values that a bucket is for.
  private func range(of bucket: Int) -> ClosedRange<UInt64> {
    let width = UInt64(1) << precision
    guard bucket >= 2 * Int(width) else { return UInt64(bucket)...UInt64(bucket) }
    let dropped = UInt64(bucket) >> precision - 1
    let (lowest, isBeyond) = (UInt64(bucket) & (width - 1) | width)
      .multipliedReportingOverflow(by: 1 << dropped)
    if isBeyond { return .max ... .max }
    return lowest...(bucket == last ? .max : lowest + (1 << dropped - 1))
  }

  public var snapshot: HistogramSnapshot {
    var snapshot = HistogramSnapshot(relativeError: relativeError)
    for bucket in 0...last where counts[bucket] != 0 {
      let (range, count) = (range(of: bucket), counts[bucket])
      snapshot.buckets.append(
        .init(lowest: range.lowerBound, highest: range.upperBound, count: count))
      snapshot.count += count
    }
    guard snapshot.count > 0 else { return snapshot }
    let extremes = extremes.pointee
    guard extremes.minimum <= extremes.maximum else { return Self.tallied(snapshot) }
    snapshot.sum = extremes.sum
    snapshot.maximum = extremes.maximum
    snapshot.minimum = min(extremes.minimum, extremes.maximum)
    return snapshot
  }

  /// Of values that were tallied only the buckets are known.
  private static func tallied(_ snapshot: HistogramSnapshot) -> HistogramSnapshot {
    var snapshot = snapshot
    snapshot.minimum = snapshot.buckets.first?.lowest ?? 0
    snapshot.maximum = snapshot.buckets.last?.highest ?? 0
    for bucket in snapshot.buckets {
      let middle = bucket.lowest + (bucket.highest - bucket.lowest) / 2
      let (part, isOver) = middle.multipliedReportingOverflow(by: bucket.count)
      let (sum, isBeyond) = snapshot.sum.addingReportingOverflow(part)
      snapshot.sum = isOver || isBeyond ? .max : sum
    }
    return snapshot
  }
}
