// SPDX-License-Identifier: BSD-3-Clause
public import Congestion

extension QueuePairObserver {
  /// Takes a frame of flow control, from an Ethernet address.
  public mutating func pause(_ times: PauseTimes, from source: UInt64, at now: UInt64) {
    if state.pointee.began == 0 { state.pointee.began = now }
    state.pointee.now = max(state.pointee.now, now)
    anomalies.paused(times, by: source, at: now)
    anomalies.age(to: now)
  }

  /// Counts a RoCE packet that no place in the table of queue pairs is for.
  public mutating func pass(_ count: UInt64) { state.pointee.untracked &+= count }
}
