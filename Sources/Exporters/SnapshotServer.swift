// SPDX-License-Identifier: BSD-3-Clause
public import Telemetry

/// Answers whoever asks for what was measured, on a thread of its own that is no worker's.
public protocol SnapshotServer: AnyObject {
  /// - Parameter snapshot: of the run so far; may be called on any thread, and often.
  func start(_ snapshot: @escaping @Sendable () -> NICSnapshot) throws(ExporterError)
  /// Nobody is answered, and no snapshot asked for, once this has returned.
  func stop()
  /// Where to ask, for who starts the run: `http://127.0.0.1:9464/metrics`.
  var place: String { get }
}
