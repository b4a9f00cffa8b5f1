// SPDX-License-Identifier: BSD-3-Clause
import Synchronization
import Telemetry

/// Takes snapshots of a run, for the threads of the control side; workers know nothing of it.
final class SnapshotSource: @unchecked Sendable {
  /// Called by one thread at a time.
  private let take: () -> NICSnapshot
  private let latest = Mutex<(snapshot: NICSnapshot, at: UInt64)?>(nil)

  /// However often somebody asks, a run is not looked at more often.
  private static let lifetime: UInt64 = 250_000_000

  init(_ take: @escaping () -> NICSnapshot) { self.take = take }

  /// Of this instant.
  func fresh() -> NICSnapshot {
    latest.withLock { latest in
      let snapshot = take()
      latest = (snapshot, WallClock.nanoseconds)
      return snapshot
    }
  }

  /// Of this instant, or of a quarter of a second ago at most.
  func recent() -> NICSnapshot {
    latest.withLock { latest in
      if let known = latest, WallClock.nanoseconds &- known.at < Self.lifetime {
        return known.snapshot
      }
      let snapshot = take()
      latest = (snapshot, WallClock.nanoseconds)
      return snapshot
    }
  }

  /// Does what must not happen while a snapshot is taken.
  func excluded(_ body: () -> Void) { latest.withLock { _ in body() } }
}
