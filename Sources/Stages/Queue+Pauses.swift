// SPDX-License-Identifier: BSD-3-Clause
import Congestion
import Pipeline

/// What the peer of the port asks for, which a stage `pfc` takes, holds its packets back.
extension QueueStage {
  /// Lets pauses and storms have their effect from `now` on.
  @inline(never)
  mutating func heedPauses(at now: UInt64) {
    guard let pauses else { return }
    pauses.pointee.advance(to: now)
    showPauses()
    for priority in 0..<EgressQueue.priorityCount
    where pauses.pointee.drops(priority) && egress.counters[priority].depth > 0 {
      egress.throwOut(UInt8(priority), at: now)
    }
  }

  func showPauses() {
    guard let pauses else { return }
    for priority in 0..<EgressQueue.priorityCount {
      let end = pauses.pointee.pausedUntil(priority)
      // Packets that are sent in spite of a storm's pauses are so since the storm began.
      let isIgnored = pauses.pointee.isStorming(priority) && end == 0
      egress.pausedUntil[priority] =
        isIgnored ? pauses.pointee.storms(priority).lastBegin : end
    }
  }

  /// Tells the port's watchdog what waits and what was sent.
  @inline(never)
  mutating func tellWatchdog(at now: UInt64) {
    guard let pauses else { return }
    for priority in 0..<EgressQueue.priorityCount {
      let counters = egress.counters + priority
      if counters.pointee.begun != begunBefore[priority] {
        begunBefore[priority] = counters.pointee.begun
        pauses.pointee.noteSent(priority, at: counters.pointee.lastBegin)
      }
      pauses.pointee.noteBacklog(priority, bytes: counters.pointee.depth, at: now)
    }
  }
}
