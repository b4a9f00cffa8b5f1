// SPDX-License-Identifier: BSD-3-Clause
import Congestion
import Tables

/// Turns what an observer notices into events, when it comes often enough.
struct AnomalyDetector: ~Copyable {
  private let limits: TelemetryLimits
  private let thresholds: AnomalyThresholds
  private let events: UnsafeMutablePointer<EventMemory>
  /// The last time that anything said that a queue was full.
  private var lastCongestion: UInt64 = 0
  /// Of the second that began at `start`, over all queue pairs.
  private var start: UInt64 = 0
  private var silentlyLost: UInt32 = 0
  private var silentlyDenied: UInt32 = 0
  private var capable: UInt32 = 0
  private var notCapable: UInt32 = 0
  /// The latest queue pairs whose data became Not-ECT.
  private var notCapablePairs = InlineArray<8, NotCapable>(repeating: NotCapable(0, FlowKey()))
  private var notCapablePairCount: UInt32 = 0
  private var lastAge: UInt64 = 0
  /// Bytes of a bin of the threshold, and of a quiet second.
  private let hotBin: UInt64
  private let quietSecond: UInt64
  private var pauses: PauseStormDetector

  private static var second: UInt64 { 1_000_000_000 }

  init(_ limits: TelemetryLimits, _ events: UnsafeMutablePointer<EventMemory>) {
    self.limits = limits
    thresholds = limits.thresholds
    self.events = events
    let ofBin = Double(limits.bytesPerSecond) * Double(limits.bin) / 1e9
    hotBin = UInt64(ofBin * Double(limits.thresholds.binLoad) / 100)
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

  // MARK: Losses

  mutating func lost(
    _ count: UInt32, _ details: UnsafeMutablePointer<QueuePairDetails>, _ number: UInt32,
    at now: UInt64
  ) {
    renew(&details.pointee.window, at: now)
    details.pointee.window.lost &+= count
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

  // MARK: Answers

  mutating func refused(
    _ details: UnsafeMutablePointer<QueuePairDetails>, _ number: UInt32, at now: UInt64,
    wait: UInt64
  ) {
    renew(&details.pointee.window, at: now)
    details.pointee.window.receiverNotReady &+= 1
    let count = details.pointee.window.receiverNotReady
    guard count >= thresholds.receiverNotReady else { return }
    let event = events.pointee.note(
      .receiverNotReadyStorm, from: details.pointee.window.start, at: now)
    event.pointee.concern(number, details.pointee.key)
    event.pointee.evidence[0] &+= UInt64(count == thresholds.receiverNotReady ? count : 1)
    event.pointee.evidence[1] = max(event.pointee.evidence[1], wait)
  }

  mutating func failed(
    _ details: UnsafeMutablePointer<QueuePairDetails>, _ number: UInt32, at now: UInt64,
    code: UInt8
  ) {
    let event = events.pointee.note(.queuePairError, from: now, at: now)
    event.pointee.concern(number, details.pointee.key)
    event.pointee.evidence[0] &+= 1
    event.pointee.evidence[1] = UInt64(code)
  }

  mutating func notified(
    _ details: UnsafeMutablePointer<QueuePairDetails>, _ number: UInt32, at now: UInt64,
    isMarked: Bool
  ) {
    sawCongestion(at: now)
    if isMarked {
      let event = events.pointee.note(.ecnMisconfiguration, from: now, at: now)
      event.pointee.concern(number, details.pointee.key)
      event.pointee.evidence[2] &+= 1
    }
    if now &- details.pointee.window.notificationStart >= 10_000_000 {
      details.pointee.window.notificationStart = now
      details.pointee.window.notifications = 0
    }
    details.pointee.window.notifications &+= 1
    let count = details.pointee.window.notifications
    guard count >= thresholds.notifications else { return }
    let event = events.pointee.note(
      .notificationStorm, from: details.pointee.window.notificationStart, at: now)
    event.pointee.concern(number, details.pointee.key)
    event.pointee.evidence[0] &+= UInt64(count == thresholds.notifications ? count : 1)
    event.pointee.evidence[1] = max(event.pointee.evidence[1], UInt64(count))
  }

  // MARK: ECN, corruption

  /// So many requests were ECN-capable, and so many not.
  @inline(__always)
  mutating func countData(notCapable: UInt32, capable: UInt32) {
    self.notCapable &+= notCapable
    self.capable &+= capable
  }

  /// Data of a queue pair became Not-ECT, or begins so.
  mutating func isNotCapable(
    _ details: UnsafeMutablePointer<QueuePairDetails>, _ number: UInt32, at now: UInt64
  ) {
    notCapablePairs[Int(notCapablePairCount & 7)] = NotCapable(number, details.pointee.key)
    notCapablePairCount &+= 1
  }

  /// A queue pair whose data became Not-ECT.
  private struct NotCapable: BitwiseCopyable {
    var number: UInt32
    var key: FlowKey

    init(_ number: UInt32, _ key: FlowKey) {
      self.number = number
      self.key = key
    }
  }

  /// A second with much data of either kind: some is not as the fabric wants it.
  private mutating func judgeECN(at now: UInt64) {
    guard notCapable >= thresholds.notECT, capable >= thresholds.notECT else { return }
    let event = events.pointee.note(.ecnMisconfiguration, from: start, at: now)
    for place in 0..<Int(min(notCapablePairCount, 8)) {
      event.pointee.concern(notCapablePairs[place].number, notCapablePairs[place].key)
    }
    event.pointee.evidence[0] &+= UInt64(notCapable)
    event.pointee.evidence[1] &+= UInt64(capable)
  }

  mutating func corrupted(
    _ details: UnsafeMutablePointer<QueuePairDetails>, _ number: UInt32, at now: UInt64
  ) {
    renew(&details.pointee.window, at: now)
    details.pointee.window.corrupted &+= 1
    guard details.pointee.window.corrupted >= thresholds.corrupted else { return }
    let event = events.pointee.note(.corruption, from: now, at: now)
    event.pointee.concern(number, details.pointee.key)
    event.pointee.evidence[0] &+= 1
  }

  private func renew(_ window: inout AnomalyWindow, at now: UInt64) {
    guard now &- window.start >= Self.second else { return }
    window.start = now
    (window.retransmitted, window.lost, window.receiverNotReady) = (0, 0, 0)
    (window.timeouts, window.corrupted) = (0, 0)
  }

  // MARK: Links

  /// A frame that stops the link's other end came.
  mutating func paused(_ times: PauseTimes, by source: UInt64, at now: UInt64) {
    sawCongestion(at: now)
    guard let storm = pauses.receive(times, from: source, at: now) else { return }
    let event = events.pointee.note(.pauseStorm, from: storm.start, at: now)
    event.pointee.stopper = source
    event.pointee.evidence[0] = UInt64(storm.priority)
    event.pointee.evidence[1] = max(event.pointee.evidence[1], storm.share)
  }

  mutating func endBin(_ receiver: UnsafeMutablePointer<Receiver>, _ key: FlowKey) {
    guard receiver.pointee.binBytes > hotBin else { return }
    receiver.pointee.hotBins &+= 1
    guard receiver.pointee.hotBins >= thresholds.bins,
      receiver.pointee.secondBytes < quietSecond
    else { return }
    let event = events.pointee.note(
      .microburst, from: receiver.pointee.second, at: receiver.pointee.binEnd)
    event.pointee.concern(receiver: key)
    let count = receiver.pointee.hotBins
    event.pointee.evidence[0] &+= UInt64(count == thresholds.bins ? count : 1)
    event.pointee.evidence[1] = max(event.pointee.evidence[1], receiver.pointee.binBytes)
  }

  mutating func endWindow(
    _ receiver: UnsafeMutablePointer<Receiver>, _ key: FlowKey, senders: UInt64
  ) {
    guard senders >= UInt64(thresholds.senders) else { return }
    let window = Double(1 &<< Receiver.windowShift) / 1e9
    let isMore = Double(receiver.pointee.windowBytes) > Double(limits.bytesPerSecond) * window
    guard receiver.pointee.marked > 0 || isMore else { return }
    let start = receiver.pointee.windowStart
    let event = events.pointee.note(.incast, from: start, at: start &+ 1 &<< Receiver.windowShift)
    event.pointee.concern(receiver: key)
    event.pointee.evidence[0] = max(event.pointee.evidence[0], senders)
    event.pointee.evidence[1] &+= UInt64(receiver.pointee.marked)
  }
}
