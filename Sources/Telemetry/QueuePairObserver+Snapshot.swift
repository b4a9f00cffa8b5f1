// SPDX-License-Identifier: BSD-3-Clause

extension QueuePairObserver {
  /// Looks at all queue pairs, for whoever wants to know of them from now on.
  public func sweep() { memory.sweepQueuePairs() }

  /// What this observer has measured, of queue pairs as of the last look at them.
  public var snapshot: TelemetrySnapshot {
    var builder = SnapshotBuilder(memory.demand)
    builder.add(memory)
    return builder.finished
  }
}
