// SPDX-License-Identifier: BSD-3-Clause
import Congestion

/// Finds senders of pause frames that hold their link nearly all the time: of each, the share of
/// 200 ms that a priority was stopped.
struct PauseStormDetector: ~Copyable {
  struct Storm {
    var priority: Int
    var start: UInt64
    /// In percent.
    var share: UInt64
  }

  private struct Stopper: BitwiseCopyable {
    var source: UInt64 = 0
    var start: UInt64 = 0
    var pauses: LinkPauses
    /// Nanoseconds of pauses up to the start, by priority.
    var before = InlineArray<8, UInt64>(repeating: 0)
  }

  private static let capacity = 32
  private static let window: UInt64 = 200_000_000
  private let share: UInt64
  private let stoppers: UnsafeMutablePointer<Stopper>
  private var count = 0

  init(_ limits: TelemetryLimits) {
    share = UInt64(limits.thresholds.pausedShare)
    stoppers = .allocate(capacity: Self.capacity)
    let pauses = LinkPauses(bitRate: max(limits.bytesPerSecond &* 8, 1))
    stoppers.initialize(repeating: Stopper(pauses: pauses), count: Self.capacity)
  }

  deinit { stoppers.deallocate() }

  static var byteCount: Int { capacity * MemoryLayout<Stopper>.stride }

  /// - Returns: the storm that the frame ends a window of.
  mutating func receive(_ times: PauseTimes, from source: UInt64, at now: UInt64) -> Storm? {
    guard let stopper = stopper(source, at: now) else { return nil }
    let storm = judge(stopper, at: now)
    stopper.pointee.pauses.receive(times, at: now)
    return storm
  }

  private func judge(_ stopper: UnsafeMutablePointer<Stopper>, at now: UInt64) -> Storm? {
    let start = stopper.pointee.start
    guard now > start, now &- start >= Self.window else { return nil }
    var storm: Storm?
    for priority in 0..<PauseTimes.priorities {
      let paused = stopper.pointee.pauses.pausedTime(priority, at: now)
      // Of nanoseconds times a hundred: no overflow below five years.
      let share = (paused &- stopper.pointee.before[priority]) &* 100 / (now &- start)
      stopper.pointee.before[priority] = paused
      if share >= self.share, share > storm?.share ?? 0 {
        storm = Storm(priority: priority, start: start, share: min(share, 100))
      }
    }
    stopper.pointee.start = now
    return storm
  }

  /// The place of a sender; nil when there are too many.
  private mutating func stopper(
    _ source: UInt64, at now: UInt64
  ) -> UnsafeMutablePointer<Stopper>? {
    for place in 0..<count where stoppers[place].source == source { return stoppers + place }
    guard count < Self.capacity else { return nil }
    stoppers[count].source = source
    stoppers[count].start = now
    count += 1
    return stoppers + (count - 1)
  }
}
