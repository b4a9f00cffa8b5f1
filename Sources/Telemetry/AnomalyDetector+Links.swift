// SPDX-License-Identifier: BSD-3-Clause
import Congestion

/// Links that are held, and receivers that get too much at once.
extension AnomalyDetector {
  /// A frame that stops the link's other end came.
  mutating func paused(_ times: PauseTimes, by source: UInt64, at now: UInt64) {
    sawCongestion(at: now)
    guard let storm = pauses.receive(times, from: source, at: now) else { return }
    let event = events.pointee.note(.pauseStorm, from: storm.start, at: now)
    event.pointee.stopper = source
    event.pointee.evidence[0] = UInt64(storm.priority)
    event.pointee.evidence[1] = max(event.pointee.evidence[1], storm.share)
  }

  /// A bin had more bytes than the threshold.
  mutating func overran(_ receiver: UnsafeMutablePointer<Receiver>) {
    let (start, bytes) = receiver.pointee.bursts.ended
    if receiver.pointee.second != start / Self.second {
      receiver.pointee.second = start / Self.second
      receiver.pointee.hotBins = 0
    }
    receiver.pointee.hotBins &+= 1
    let count = receiver.pointee.hotBins
    guard count >= UInt64(thresholds.bins),
      receiver.pointee.bursts.lastSecond < quietSecond
    else { return }
    let second = receiver.pointee.second &* Self.second
    let event = events.pointee.note(.microburst, from: second, at: start &+ limits.bin)
    event.pointee.concern(receiver: receiver.pointee.key)
    event.pointee.evidence[0] &+= count == UInt64(thresholds.bins) ? count : 1
    event.pointee.evidence[1] = max(event.pointee.evidence[1], bytes)
  }

  mutating func endWindow(_ receiver: UnsafeMutablePointer<Receiver>, shift: UInt64) {
    let senders = UInt64(receiver.pointee.fanIn.ended)
    guard senders >= UInt64(thresholds.senders) else { return }
    let window = Double(1 &<< shift) / 1e9
    let isMore = Double(receiver.pointee.windowBytes) > Double(limits.bytesPerSecond) * window
    guard receiver.pointee.marked > 0 || isMore else { return }
    let end = receiver.pointee.bursts.start
    let event = events.pointee.note(.incast, from: end &- min(end, 1 &<< shift), at: end)
    event.pointee.concern(receiver: receiver.pointee.key)
    event.pointee.evidence[0] = max(event.pointee.evidence[0], senders)
    event.pointee.evidence[1] &+= receiver.pointee.marked
  }
}
