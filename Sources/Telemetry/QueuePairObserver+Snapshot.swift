// SPDX-License-Identifier: BSD-3-Clause

extension QueuePairObserver {
  /// What this observer has measured.
  ///
  /// - Parameter queuePairs: how many are to be in the list at most.
  public func snapshot(queuePairs: Int) -> TelemetrySnapshot {
    var builder = SnapshotBuilder(queuePairs: queuePairs, addressPairs: false)
    builder.add(memory)
    return builder.finished
  }
}
