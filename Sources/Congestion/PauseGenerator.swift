// SPDX-License-Identifier: BSD-3-Clause

/// Says when the peer of one input port is to stop: by how many bytes that came in there are still
/// kept, for each priority.
///
/// A priority stops when more than `stopAbove` bytes are kept, and goes on when `startAt` or fewer
/// are. While it is stopped, frames renew the pause when half of its time has passed, so that it
/// has no gap. Whoever keeps bytes calls `note` at each change, then sends what `takeFrame` gives
/// while it gives any; and calls `takeFrame` again no later than at `nextEvent`.
public struct PauseGenerator: BitwiseCopyable, Sendable {
  struct Counts: BitwiseCopyable, Sendable {
    var stops: UInt64 = 0
    var starts: UInt64 = 0
  }

  /// Fewer would be over before the frame is sent that renews them: a frame takes 672 bit times.
  @inlinable public static var leastQuanta: UInt16 { 16 }

  public let stopAbove: UInt64
  public let startAt: UInt64
  public let quanta: UInt16
  /// How long a pause lasts, and when it is renewed, in nanoseconds.
  public let pauseTime: UInt64
  public let renewal: UInt64
  /// The priorities that may be stopped, a bit each.
  public let priorities: UInt8

  /// The priorities that are to stop, and those that the peer was told to stop.
  @usableFromInline var full: UInt8 = 0
  @usableFromInline var told: UInt8 = 0
  private var lastFrame: UInt64 = 0
  public private(set) var frames: UInt64 = 0
  /// Frames that only renewed pauses.
  public private(set) var renewals: UInt64 = 0
  /// Renewals that came after the pause was over.
  public private(set) var gaps: UInt64 = 0
  private var counts = InlineArray<8, Counts>(repeating: Counts())

  /// - Parameters:
  ///   - bitRate: of the port's link, at least 1.
  ///   - startAt: at most `stopAbove`.
  ///   - quanta: at least `leastQuanta`; fewer become that many.
  public init(
    bitRate: UInt64, stopAbove: UInt64, startAt: UInt64, quanta: UInt16 = .max,
    priorities: UInt8 = 0xff
  ) {
    self.stopAbove = stopAbove
    self.startAt = min(startAt, stopAbove)
    self.quanta = max(quanta, Self.leastQuanta)
    self.priorities = priorities
    pauseTime = PauseTimes.nanoseconds(self.quanta, bitRate: bitRate)
    renewal = max(pauseTime / 2, 1)
  }

  /// So many bytes of a priority that came in by the port are kept now.
  ///
  /// - Returns: whether a frame is to be sent.
  @inlinable @inline(__always) @discardableResult
  public mutating func note(_ priority: Int, bytes: UInt64) -> Bool {
    let bit = priorities & 1 &<< UInt8(truncatingIfNeeded: priority)
    if bytes > stopAbove {
      full |= bit
    } else if bytes <= startAt {
      full &= ~bit
    }
    return full != told
  }

  /// The frame that is to be sent at `now`, which counts as sent; nil when there is none.
  public mutating func takeFrame(at now: UInt64) -> PauseTimes? {
    let changed = full ^ told
    guard changed != 0 || (told != 0 && now >= lastFrame.later(by: renewal)) else { return nil }
    if told & full != 0, now > lastFrame.later(by: pauseTime) { gaps &+= 1 }
    if changed == 0 { renewals &+= 1 }
    // What is stopped already is renewed with every frame: all pauses are then of one age.
    var times = PauseTimes(vector: changed | full, all: 0)
    for priority in 0..<PauseTimes.priorities {
      let bit: UInt8 = 1 << UInt8(priority)
      if full & bit != 0 { times.quanta[priority] = quanta }
      if changed & full & bit != 0 { counts[priority].stops &+= 1 }
      if changed & told & bit != 0 { counts[priority].starts &+= 1 }
    }
    told = full
    lastFrame = max(lastFrame, now)
    frames &+= 1
    return times
  }

  /// When the next frame is to be sent if nothing else happens: 0 for at once, `.max` for never.
  public var nextEvent: UInt64 {
    guard full == told else { return 0 }
    return told == 0 ? .max : lastFrame.later(by: renewal)
  }

  public func isStopped(_ priority: Int) -> Bool { told >> UInt8(priority) & 1 != 0 }
  public func stops(_ priority: Int) -> UInt64 { counts[priority].stops }
  public func starts(_ priority: Int) -> UInt64 { counts[priority].starts }
}
