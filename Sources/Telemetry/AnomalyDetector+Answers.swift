// SPDX-License-Identifier: BSD-3-Clause
import Tables

/// Answers and notifications that come too often, or should never come.
extension AnomalyDetector {
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
}
