// SPDX-License-Identifier: BSD-3-Clause

/// Holds a replay back until each burst is due, and notes how late bursts were.
struct Pacer {
  private let pace: Pace
  private var start: UInt64?
  private var firstNanoseconds: UInt64 = 0
  private var packets: UInt64 = 0
  private var bursts: UInt64 = 0
  private var latenessSum: UInt64 = 0
  private var latenessMaximum: UInt64 = 0

  /// Sleeping is too coarse for the last stretch before a burst is due.
  private static let spinNanoseconds: UInt64 = 100_000

  init(_ pace: Pace) { self.pace = pace }

  /// Waits until a burst of `count` packets, the first captured at `nanoseconds`, is due.
  mutating func wait(for count: Int, capturedAt nanoseconds: UInt64) {
    guard pace != .maximum else { return }
    guard let due = take(count, capturedAt: nanoseconds, now: WallClock.nanoseconds) else {
      return
    }
    Self.sleep(until: due)
    note(due, sentAt: WallClock.nanoseconds)
  }

  /// When the next burst is due; nil for the first one, which starts the clock.
  mutating func take(_ count: Int, capturedAt nanoseconds: UInt64, now: UInt64) -> UInt64? {
    defer { packets &+= UInt64(count) }
    guard let start else {
      start = now
      firstNanoseconds = nanoseconds
      return nil
    }
    return start &+ dueAfter(nanoseconds)
  }

  /// A signal that ends the wait sends a burst early, which is not late.
  mutating func note(_ due: UInt64, sentAt now: UInt64) {
    let lateness = now > due ? now - due : 0
    bursts += 1
    latenessSum &+= lateness
    latenessMaximum = max(latenessMaximum, lateness)
  }

  /// Nanoseconds of the wall clock from the start of the replay to the next burst.
  private func dueAfter(_ nanoseconds: UInt64) -> UInt64 {
    let elapsed: Double
    switch pace {
    case .maximum: elapsed = 0
    case .speed(let factor):
      let captured = nanoseconds > firstNanoseconds ? nanoseconds - firstNanoseconds : 0
      elapsed = Double(captured) / factor
    case .rate(let rate): elapsed = Double(packets) * 1e9 / rate
    }
    return elapsed < 1e18 ? UInt64(elapsed) : 1_000_000_000_000_000_000
  }

  var report: Report.PacingReport? {
    guard pace != .maximum else { return nil }
    return Report.PacingReport(
      asked: pace.text,
      meanLateness: bursts > 0 ? Double(latenessSum) / Double(bursts) / 1e9 : 0,
      maximumLateness: Double(latenessMaximum) / 1e9)
  }

  private static func sleep(until due: UInt64) {
    while !StopSignal.isRaised {
      let now = WallClock.nanoseconds
      guard now < due else { return }
      let remaining = due - now
      if remaining > spinNanoseconds {
        WallClock.sleep(nanoseconds: min(remaining - spinNanoseconds / 2, 100_000_000))
      }
    }
  }
}
