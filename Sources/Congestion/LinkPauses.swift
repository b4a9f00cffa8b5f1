// SPDX-License-Identifier: BSD-3-Clause

/// Until when the peer of one link wants nothing sent, by priority; and what it asked for so far.
///
/// The time of a frame replaces what was left of the one before, as the timer of IEEE 802.1Qbb
/// does.
/// A frame whose time is before that of an earlier one counts as if it came with that one.
public struct LinkPauses: BitwiseCopyable, Sendable {
  @usableFromInline struct Priority: BitwiseCopyable, Sendable {
    /// The end of the pause that was asked for last; in the past when there is none.
    @usableFromInline var end: UInt64 = 0
    /// Since when the pause lasts, or when its time was last added up.
    var begin: UInt64 = 0
    /// Nanoseconds of pauses up to `begin`.
    var paused: UInt64 = 0
    var stops: UInt64 = 0
    var starts: UInt64 = 0
  }

  /// Bits per second, of which a quantum takes 512.
  public let bitRate: UInt64
  /// The priorities that stop when they are asked to, a bit each; of others all is only counted.
  public let honoured: UInt8
  @usableFromInline var priorities = InlineArray<8, Priority>(repeating: Priority())
  private var latest: UInt64 = 0

  /// - Parameter bitRate: at least 1.
  public init(bitRate: UInt64, honoured: UInt8 = 0xff) {
    self.bitRate = bitRate
    self.honoured = honoured
  }

  /// Takes what a frame says that came at `now`.
  public mutating func receive(_ times: PauseTimes, at now: UInt64) {
    latest = max(latest, now)
    for priority in 0..<PauseTimes.priorities where times.vector >> priority & 1 != 0 {
      pause(priority, times.quanta[priority])
    }
  }

  private mutating func pause(_ priority: Int, _ quanta: UInt16) {
    priorities[priority].paused &+= priorities[priority].time(until: latest)
    priorities[priority].begin = latest
    priorities[priority].end = latest.later(by: PauseTimes.nanoseconds(quanta, bitRate: bitRate))
    if quanta > 0 { priorities[priority].stops &+= 1 } else { priorities[priority].starts &+= 1 }
  }

  /// When packets of a priority may begin again, which may be in the past: at `now` they may where
  /// this is not later than `now`. 0 where its pauses are not honoured.
  @inlinable @inline(__always)
  public func pausedUntil(_ priority: Int) -> UInt64 {
    honoured &>> UInt8(truncatingIfNeeded: priority) & 1 != 0 ? priorities[priority].end : 0
  }

  @inlinable @inline(__always)
  public func isPaused(_ priority: Int, at now: UInt64) -> Bool { now < pausedUntil(priority) }

  /// How often a priority was told to stop, where each renewal counts.
  public func stops(_ priority: Int) -> UInt64 { priorities[priority].stops }

  /// How often a priority was told to go on.
  public func starts(_ priority: Int) -> UInt64 { priorities[priority].starts }

  /// For how long in all a priority had been asked to stop at `now`, in nanoseconds; a pause that
  /// was ended early, or replaced by another, counts for as long as it lasted. `.max` counts to
  /// the end of the pause that was asked for last.
  public func pausedTime(_ priority: Int, at now: UInt64) -> UInt64 {
    priorities[priority].paused &+ priorities[priority].time(until: max(now, latest))
  }

  /// The latest time that a frame came with.
  public var lastFrame: UInt64 { latest }
}

extension LinkPauses.Priority {
  /// How long the last pause has lasted.
  func time(until now: UInt64) -> UInt64 { min(now, end) &- begin }
}
