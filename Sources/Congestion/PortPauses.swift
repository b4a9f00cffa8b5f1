// SPDX-License-Identifier: BSD-3-Clause

/// The pauses of one port: what its peer asked for, and the watchdog that sees to storms.
///
/// Frames come to it by `receive`. Whoever sends through the port asks before each packet:
/// when `drops(priority)`, the packet is dropped; else it begins no earlier than
/// `pausedUntil(priority)`. It says what waits (`noteBacklog`) whenever that changes and what it
/// sends (`noteSent`), so one sender alone serves a priority; and it looks again at `nextEvent`,
/// when a storm begins or ends. A frame can be what begins one: whoever keeps packets of a priority
/// that `drops` has something to do at once.
public struct PortPauses: BitwiseCopyable, Sendable {
  public private(set) var link: LinkPauses
  @usableFromInline var watchdog: PauseWatchdog

  public init(link: LinkPauses, watchdog: PauseWatchdog) {
    self.link = link
    self.watchdog = watchdog
  }

  /// Those of a port whose pause frames nobody takes.
  public static var none: PortPauses {
    PortPauses(
      link: LinkPauses(bitRate: 1, honoured: 0), watchdog: PauseWatchdog(detection: .max))
  }

  /// Takes what a frame says that came at `now`.
  public mutating func receive(_ times: PauseTimes, at now: UInt64) {
    watchdog.advance(to: now)
    link.receive(times, at: now)
    for priority in 0..<PauseTimes.priorities
    where times.vector & link.honoured & 1 << UInt8(priority) != 0 {
      watchdog.notePause(priority, until: link.pausedUntil(priority), at: link.lastFrame)
    }
  }

  /// When a packet of a priority may begin, which may be in the past.
  @inlinable @inline(__always)
  public func pausedUntil(_ priority: Int) -> UInt64 {
    watchdog.forwards(priority) ? 0 : link.pausedUntil(priority)
  }

  @inlinable @inline(__always)
  public func isPaused(_ priority: Int, at now: UInt64) -> Bool { now < pausedUntil(priority) }

  /// Whether packets of a priority are to be dropped: it is in a storm.
  @inlinable @inline(__always)
  public func drops(_ priority: Int) -> Bool { watchdog.drops(priority) }

  /// So many bytes of a priority wait to be sent from `now` on.
  @inlinable @inline(__always)
  public mutating func noteBacklog(_ priority: Int, bytes: UInt64, at now: UInt64) {
    watchdog.noteBacklog(priority, bytes: bytes, at: now)
  }

  /// A packet of a priority began to be sent at `now`.
  @inlinable @inline(__always)
  public mutating func noteSent(_ priority: Int, at now: UInt64) {
    watchdog.noteSent(priority, at: now)
  }

  /// When a storm begins or ends if nothing else happens; `.max` for never.
  public var nextEvent: UInt64 { watchdog.nextEvent }

  /// Begins and ends the storms that are due at `now` or before.
  public mutating func advance(to now: UInt64) { watchdog.advance(to: now) }

  public func storms(_ priority: Int) -> PauseStorms { watchdog.storms(priority) }
  public func isStorming(_ priority: Int) -> Bool { watchdog.isStorming(priority) }
}

/// The pauses of a port where stages share them: one takes the frames, others send.
///
/// A stage keeps the object, and works on `pauses` alone while packets flow.
public final class SharedPauses {
  public let pauses: UnsafeMutablePointer<PortPauses>
  /// Whether a stage takes the port's pause frames.
  public private(set) var isServed = false

  public init() {
    pauses = .allocate(capacity: 1)
    pauses.initialize(to: .none)
  }

  deinit { pauses.deinitialize(count: 1).deallocate() }

  /// What the stage that takes the frames knows of the link.
  public func serve(link: LinkPauses, watchdog: PauseWatchdog) {
    pauses.pointee = PortPauses(link: link, watchdog: watchdog)
    isServed = true
  }
}
