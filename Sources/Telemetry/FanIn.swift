// SPDX-License-Identifier: BSD-3-Clause

/// How many senders send to one receiver within a window, estimated in one cache line: each sender
/// sets one of 256 bits (linear counting; Whang, Vander-Zanden and Taylor 1990).
///
/// The standard error is at most 5.5 % up to 256 senders, and 11 % up to 1000; 1597 is the most
/// that there can be. A window ends when a packet of another comes; silence costs nothing however
/// long it is.
@frozen
public struct FanIn: BitwiseCopyable, Sendable {
  /// Of windows with a packet.
  @frozen
  public struct Figures: BitwiseCopyable, Equatable, Sendable {
    /// Those that have ended.
    public internal(set) var windows: UInt64 = 0
    /// When the window with most senders began.
    public internal(set) var highestAt: UInt64 = 0
    /// Packets from before the window that they were counted in.
    public internal(set) var late: UInt32 = 0
    public internal(set) var highest: UInt16 = 0

    public init() {}
  }

  @inlinable static var bits: Int { 256 }

  /// Stands for the window where none has begun: the clock has none of this number.
  @inlinable static var none: UInt64 { .max }
  /// The number of the window since the clock's 0.
  @usableFromInline var window = FanIn.none
  @usableFromInline var senders: InlineArray<4, UInt64> = [0, 0, 0, 0]
  public private(set) var figures = Figures()
  /// The senders of the window that ended last.
  public private(set) var ended: UInt16 = 0

  public init() {}

  /// Counts a packet. A packet from before the window counts in it, but more than a second back is
  /// a clock that was set, and a new beginning.
  ///
  /// - Parameter sender: The hash of its address; the lowest 8 bits are used.
  /// - Returns: Whether a window has ended: `ended`.
  @discardableResult @inlinable @inline(__always)
  public mutating func add(
    sender: UInt64, at time: UInt64, _ windows: borrowing FanInWindows
  ) -> Bool {
    let hasEnded = time &>> windows.shift == window ? false : move(to: time, windows)
    senders[unchecked: Int(truncatingIfNeeded: sender &>> 6 & 3)] |= 1 &<< (sender & 63)
    return hasEnded
  }

  /// Counts a packet of the window that has begun.
  ///
  /// - Returns: Whether it is: else `add` counts the packet.
  @inline(__always)
  mutating func addWithin(sender: UInt8, at time: UInt64, shift: UInt64) -> Bool {
    guard time &>> shift == window else { return false }
    senders[unchecked: Int(sender &>> 6)] |= 1 &<< UInt64(sender & 63)
    return true
  }

  @inline(never) @usableFromInline
  mutating func move(to time: UInt64, _ windows: borrowing FanInWindows) -> Bool {
    let next = time >> windows.shift
    if window != Self.none, next < window, window - next <= 1_000_000_000 >> windows.shift {
      figures.late &+= 1
      return false
    }
    let hasEnded = end(windows)
    window = next
    return hasEnded
  }

  /// Ends the window: at the end of a run, and of a second in which no packet came.
  ///
  /// - Returns: Whether there was one.
  @discardableResult
  public mutating func end(_ windows: borrowing FanInWindows) -> Bool {
    guard window != Self.none else { return false }
    var set = 0
    for word in 0..<4 {
      set &+= senders[unchecked: word].nonzeroBitCount
      senders[unchecked: word] = 0
    }
    ended = windows.estimates[set]
    windows.senders.record(UInt64(ended))
    figures.windows &+= 1
    if ended > figures.highest {
      (figures.highest, figures.highestAt) = (ended, window << windows.shift)
    }
    window = Self.none
    return true
  }
}

extension FanIn.Figures {
  /// Adds those of another receiver, or of the same one at another time. Senders that two workers
  /// see parts of are not added up.
  public mutating func merge(with other: Self) {
    windows &+= other.windows
    late &+= other.late
    if other.highest > highest { (highest, highestAt) = (other.highest, other.highestAt) }
  }
}
