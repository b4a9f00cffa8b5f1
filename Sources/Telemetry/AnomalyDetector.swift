// SPDX-License-Identifier: BSD-3-Clause
import Congestion
import Tables

/// Turns what an observer notices into events, when it comes often enough.
struct AnomalyDetector: ~Copyable {
  let limits: TelemetryLimits
  let thresholds: AnomalyThresholds
  let events: UnsafeMutablePointer<EventMemory>
  /// The last time that anything said that a queue was full.
  var lastCongestion: UInt64 = 0
  /// Of the second that began at `start`, over all queue pairs.
  var start: UInt64 = 0
  var silentlyLost: UInt32 = 0
  var silentlyDenied: UInt32 = 0
  var capable: UInt32 = 0
  var notCapable: UInt32 = 0
  /// The latest queue pairs whose data became Not-ECT.
  var notCapablePairs = InlineArray<8, NotCapable>(repeating: NotCapable(0, FlowKey()))
  var notCapablePairCount: UInt32 = 0
  var lastAge: UInt64 = 0
  /// Bytes of a quiet second.
  let quietSecond: UInt64
  var pauses: PauseStormDetector

  static var second: UInt64 { 1_000_000_000 }

  init(_ limits: TelemetryLimits, _ events: UnsafeMutablePointer<EventMemory>) {
    self.limits = limits
    thresholds = limits.thresholds
    self.events = events
    quietSecond = limits.bytesPerSecond / 100 &* UInt64(limits.thresholds.quietLoad)
    pauses = PauseStormDetector(limits)
  }

  /// Now and then: what lasts no longer ends, and another second begins.
  @inline(__always)
  mutating func age(to now: UInt64) {
    if now &- lastAge > 10_000_000 { ageSlowly(to: now) }
  }

  @inline(never)
  private mutating func ageSlowly(to now: UInt64) {
    lastAge = now
    events.pointee.age(to: now)
    guard now &- start >= Self.second else { return }
    judgeECN(at: now)
    start = now
    (silentlyLost, silentlyDenied, capable, notCapable) = (0, 0, 0, 0)
  }

  /// The run is over.
  mutating func finish(at now: UInt64) {
    judgeECN(at: now)
    (capable, notCapable) = (0, 0)
  }

  mutating func lost(
    _ count: UInt32, _ details: UnsafeMutablePointer<QueuePairDetails>, _ number: UInt32,
    at now: UInt64
  ) {
    guard isSilent(at: now) else { return }
    silentlyLost &+= count
    noteSilence(silentlyLost, details, number, at: now)
  }

  /// A NAK for a sequence error: a loss further on, as the sender's side sees it.
  mutating func denied(
    _ details: UnsafeMutablePointer<QueuePairDetails>, _ number: UInt32, at now: UInt64
  ) {
    guard isSilent(at: now) else { return }
    silentlyDenied &+= 1
    noteSilence(silentlyDenied, details, number, at: now)
  }

  private func noteSilence(
    _ count: UInt32, _ details: UnsafeMutablePointer<QueuePairDetails>, _ number: UInt32,
    at now: UInt64
  ) {
    guard count >= thresholds.silentlyLost else { return }
    let event = events.pointee.note(.silentDrop, from: start, at: now)
    event.pointee.concern(number, details.pointee.key)
    event.pointee.evidence[0] = UInt64(max(silentlyLost, silentlyDenied))
  }

  mutating func sawCongestion(at now: UInt64) { lastCongestion = now }

  /// Whether no sign of congestion was seen for a second.
  private func isSilent(at now: UInt64) -> Bool {
    lastCongestion == 0 || now > lastCongestion && now &- lastCongestion > Self.second
  }

  mutating func sentAgain(
    _ details: UnsafeMutablePointer<QueuePairDetails>, _ number: UInt32, at now: UInt64
  ) {
    renew(&details.pointee.window, at: now)
    details.pointee.window.retransmitted &+= 1
    let window = details.pointee.window
    guard window.retransmitted >= thresholds.retransmitted else { return }
    let event = events.pointee.note(.goBackNStorm, from: window.start, at: now)
    event.pointee.concern(number, details.pointee.key)
    let count = window.retransmitted
    event.pointee.evidence[0] &+= UInt64(count == thresholds.retransmitted ? count : 1)
    event.pointee.evidence[1] = max(event.pointee.evidence[1], UInt64(count))
  }

  mutating func timedOut(
    _ details: UnsafeMutablePointer<QueuePairDetails>, _ number: UInt32, at now: UInt64,
    after silence: UInt64
  ) {
    renew(&details.pointee.window, at: now)
    details.pointee.window.timeouts &+= 1
    guard details.pointee.window.timeouts >= thresholds.timeouts else { return }
    let event = events.pointee.note(.timeoutRecovery, from: details.pointee.window.start, at: now)
    event.pointee.concern(number, details.pointee.key)
    let count = details.pointee.window.timeouts
    event.pointee.evidence[0] &+= UInt64(count == thresholds.timeouts ? count : 1)
    event.pointee.evidence[1] = max(event.pointee.evidence[1], silence)
  }

  /// A queue pair whose data became Not-ECT.
  struct NotCapable: BitwiseCopyable {
    var number: UInt32
    var key: FlowKey

    init(_ number: UInt32, _ key: FlowKey) {
      self.number = number
      self.key = key
    }
  }
}
