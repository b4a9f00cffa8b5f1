// SPDX-License-Identifier: BSD-3-Clause

/// Bytes to one receiver in bins of some microseconds, in memory of a fixed size: bursts that no
/// average over a second shows.
///
/// All figures are exact but for `lastSecond`. Bins begin at multiples of their length. A bin ends
/// when a packet of another comes; silence costs nothing however long it is.
@frozen
public struct Microbursts: BitwiseCopyable, Sendable {
  /// Of bins with a packet.
  @frozen
  public struct Figures: BitwiseCopyable, Equatable, Sendable {
    /// Those that have ended.
    public internal(set) var bins: UInt64 = 0
    /// Those of them that were above the threshold, and the most of those without one between them
    /// that was not.
    public internal(set) var above: UInt64 = 0
    public internal(set) var longestRun: UInt64 = 0
    /// The most bytes of a bin, and when it began.
    public internal(set) var highest: UInt64 = 0
    public internal(set) var highestAt: UInt64 = 0
    /// Packets from before the bin that they were counted in.
    public internal(set) var late: UInt64 = 0

    public init() {}
  }

  @inlinable static var second: UInt64 { 1_000_000_000 }

  public private(set) var figures = Figures()
  /// When the bin began, and its bytes so far.
  @usableFromInline var start: UInt64 = 0
  @usableFromInline var bytes: UInt64 = 0
  @usableFromInline var isOpen = false
  /// Bins above the threshold up to the last one that has ended, one after the other.
  private var run: UInt64 = 0
  /// The bin that ended last.
  public private(set) var ended: (start: UInt64, bytes: UInt64) = (0, 0)
  /// A whole second of the clock, its bytes up to the bin that ended last, and those of the second
  /// before.
  private var currentSecond: UInt64 = 0
  private var currentBytes: UInt64 = 0
  private var previousBytes: UInt64 = 0

  public init() {}

  /// Counts a packet. A packet from before the bin counts in it, but more than a second back is a
  /// clock that was set, and a new beginning.
  ///
  /// - Returns: Whether a bin has ended: `ended`.
  @discardableResult @inlinable @inline(__always)
  public mutating func add(
    _ count: UInt64, at time: UInt64, _ bins: borrowing MicroburstBins
  ) -> Bool {
    if time &- start < bins.length, isOpen {
      bytes = bytes.addingWithoutWrapping(count)
      return false
    }
    return addElsewhere(count, at: time, bins)
  }

  /// Counts a packet of the bin that is open.
  ///
  /// - Returns: Whether it is: else `add` counts the packet.
  @inline(__always)
  mutating func addWithin(_ count: UInt64, at time: UInt64, length: UInt64) -> Bool {
    guard time &- start < length, isOpen else { return false }
    bytes &+= count
    return true
  }

  @inline(never) @usableFromInline
  mutating func addElsewhere(
    _ count: UInt64, at time: UInt64, _ bins: borrowing MicroburstBins
  ) -> Bool {
    if isOpen, time < start, start - time <= Self.second {
      figures.late += 1
      bytes = bytes.addingWithoutWrapping(count)
      return false
    }
    let hasEnded = end(bins)
    start = time - time % bins.length
    bytes = count
    isOpen = true
    if start &- ended.start != bins.length { run = 0 }
    return hasEnded
  }

  /// Ends the bin: at the end of a run, and of a second in which no packet came.
  ///
  /// - Returns: Whether there was one.
  @discardableResult
  public mutating func end(_ bins: borrowing MicroburstBins) -> Bool {
    guard isOpen else { return false }
    isOpen = false
    ended = (start, bytes)
    bins.bytes.record(bytes)
    figures.bins += 1
    if bytes > figures.highest { (figures.highest, figures.highestAt) = (bytes, start) }
    run = bytes > bins.threshold ? run + 1 : 0
    if run > 0 { figures.above += 1 }
    figures.longestRun = max(figures.longestRun, run)
    countInSecond()
    return true
  }

  private mutating func countInSecond() {
    let second = ended.start / Self.second
    if second != currentSecond {
      previousBytes = second == currentSecond + 1 ? currentBytes : 0
      currentSecond = second
      currentBytes = 0
    }
    currentBytes = currentBytes.addingWithoutWrapping(ended.bytes)
  }

  /// Bytes of about the second up to the bin that ended last, this one included: of the clock's
  /// second before, the share that still counts, as if its bytes had come evenly.
  public var lastSecond: UInt64 {
    let left = Self.second - ended.start % Self.second
    let (high, low) = previousBytes.multipliedFullWidth(by: left)
    let share = Self.second.dividingFullWidth((high, low)).quotient
    return currentBytes.addingWithoutWrapping(share)
  }
}

extension Microbursts.Figures {
  /// Adds those of another receiver, or of the same one at another time. Bins that two workers see
  /// parts of do not become one.
  public mutating func merge(with other: Self) {
    bins &+= other.bins
    above &+= other.above
    late &+= other.late
    longestRun = max(longestRun, other.longestRun)
    if other.highest > highest { (highest, highestAt) = (other.highest, other.highestAt) }
  }
}
