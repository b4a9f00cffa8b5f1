// SPDX-License-Identifier: BSD-3-Clause

/// Finds pause storms, by SONiC's rule: a priority that was paused during a whole detection time,
/// had something to send all the time, and sent nothing. A storm is over when no pause was asked
/// for during the restoration time.
///
/// SONiC looks every so often (200 ms); here storms begin and end exactly when the rule is met.
/// Whoever keeps time calls `advance` no later than at `nextEvent`; all other calls do so too.
public struct PauseWatchdog: BitwiseCopyable, Sendable {
  /// What happens to the packets of a priority in a storm.
  @frozen
  public enum Action: Sendable, BitwiseCopyable {
    /// They are dropped, so that they do not fill the buffers of others.
    case drop
    /// They are sent in spite of the pause.
    case forward
    /// Nothing: the storm is only reported.
    case alert
  }

  @usableFromInline struct Priority: BitwiseCopyable, Sendable {
    /// The last pause without a gap: refreshed before, or just when, it ended.
    var pauseBegin: UInt64 = 0
    var pauseEnd: UInt64 = 0
    var isAskedToStop = false
    /// Since when there is something to send; `.max` when there is not.
    @usableFromInline var backlogBegin: UInt64 = .max
    @usableFromInline var lastSent: UInt64 = 0
    @usableFromInline var isStorming = false
    /// When the storm begins or ends if nothing else happens.
    @usableFromInline var due: UInt64 = .max
    var storm = PauseStorms()
  }

  /// SONiC's defaults, in nanoseconds.
  public static var defaultDetection: UInt64 { 200_000_000 }
  public static var defaultRestoration: UInt64 { 200_000_000 }

  public let detection: UInt64
  public let restoration: UInt64
  public let action: Action
  @usableFromInline var priorities = InlineArray<8, Priority>(repeating: Priority())
  /// When a storm begins or ends if nothing else happens; `.max` for never.
  public private(set) var nextEvent: UInt64 = .max

  /// Times in nanoseconds; a detection time of `.max` finds nothing.
  public init(
    detection: UInt64 = defaultDetection, restoration: UInt64 = defaultRestoration,
    action: Action = .drop
  ) {
    self.detection = detection
    self.restoration = restoration
    self.action = action
  }

  /// A frame came at `now` that pauses a priority until `end`; `now` itself lets it go on.
  public mutating func notePause(_ priority: Int, until end: UInt64, at now: UInt64) {
    advance(to: now)
    if end > now, !priorities[priority].isAskedToStop || now > priorities[priority].pauseEnd {
      priorities[priority].pauseBegin = now
    }
    priorities[priority].isAskedToStop = end > now
    // To be told to go on again, when nothing is paused, is no pause.
    let old = priorities[priority].pauseEnd
    priorities[priority].pauseEnd = end > now ? end : min(end, old)
    reckon(priority)
  }

  /// So many bytes of a priority wait to be sent from `now` on.
  @inlinable @inline(__always)
  public mutating func noteBacklog(_ priority: Int, bytes: UInt64, at now: UInt64) {
    guard (bytes > 0) != (priorities[priority].backlogBegin != .max) else { return }
    setBacklog(priority, since: bytes > 0 ? now : .max, at: now)
  }

  @usableFromInline
  mutating func setBacklog(_ priority: Int, since begin: UInt64, at now: UInt64) {
    advance(to: now)
    priorities[priority].backlogBegin = begin
    reckon(priority)
  }

  /// A packet of a priority began to be sent at `now`.
  @inlinable @inline(__always)
  public mutating func noteSent(_ priority: Int, at now: UInt64) {
    if now >= nextEvent { advance(to: now) }
    priorities[priority].lastSent = now
    if priorities[priority].due != .max { reckon(priority) }
  }

  /// Begins and ends the storms that are due at `now` or before.
  public mutating func advance(to now: UInt64) {
    while nextEvent <= now, nextEvent != .max {
      let time = nextEvent
      for priority in 0..<PauseTimes.priorities where priorities[priority].due <= time {
        change(priority, at: time)
      }
    }
  }

  private mutating func change(_ priority: Int, at time: UInt64) {
    if priorities[priority].isStorming {
      priorities[priority].storm.end(at: time)
      // The last pause has run out long ago.
      priorities[priority].isAskedToStop = false
    } else {
      priorities[priority].storm.begin(at: time)
    }
    priorities[priority].isStorming.toggle()
    reckon(priority)
  }

  @usableFromInline @inline(never)
  mutating func reckon(_ priority: Int) {
    priorities[priority].due = due(priorities[priority])
    nextEvent = .max
    for priority in 0..<PauseTimes.priorities {
      nextEvent = min(nextEvent, priorities[priority].due)
    }
  }

  private func due(_ state: Priority) -> UInt64 {
    if state.isStorming { return state.pauseEnd.later(by: restoration) }
    guard state.backlogBegin != .max, state.isAskedToStop else { return .max }
    let stuck = max(state.pauseBegin, state.backlogBegin, state.lastSent)
    let due = stuck.later(by: detection)
    return state.pauseEnd >= due ? due : .max
  }

  /// Whether a priority is in a storm.
  @inlinable public func isStorming(_ priority: Int) -> Bool { priorities[priority].isStorming }

  /// Whether packets of a priority are to be dropped, those that wait and those that come.
  @inlinable @inline(__always)
  public func drops(_ priority: Int) -> Bool {
    action == .drop && priorities[priority].isStorming
  }

  /// Whether packets of a priority are to be sent in spite of a pause.
  @inlinable @inline(__always)
  public func forwards(_ priority: Int) -> Bool {
    action == .forward && priorities[priority].isStorming
  }

  public func storms(_ priority: Int) -> PauseStorms { priorities[priority].storm }
}

/// The storms of one priority.
public struct PauseStorms: BitwiseCopyable, Sendable {
  public private(set) var detected: UInt64 = 0
  public private(set) var restored: UInt64 = 0
  /// When the last one began and, if it is over, when it ended.
  public private(set) var lastBegin: UInt64 = 0
  public private(set) var lastEnd: UInt64 = 0

  mutating func begin(at time: UInt64) {
    detected &+= 1
    lastBegin = time
  }

  mutating func end(at time: UInt64) {
    restored &+= 1
    lastEnd = time
  }
}
