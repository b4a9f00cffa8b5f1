// SPDX-License-Identifier: BSD-3-Clause
import Tables

/// What ECN and the invariant CRC say.
extension AnomalyDetector {
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

  /// A second with much data of either kind: some is not as the fabric wants it.
  mutating func judgeECN(at now: UInt64) {
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

  func renew(_ window: inout AnomalyWindow, at now: UInt64) {
    guard now &- window.start >= Self.second else { return }
    window.start = now
    (window.retransmitted, window.receiverNotReady) = (0, 0)
    (window.timeouts, window.corrupted) = (0, 0)
  }
}
