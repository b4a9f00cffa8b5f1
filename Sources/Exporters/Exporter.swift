// SPDX-License-Identifier: BSD-3-Clause
public import Telemetry

/// Carries what was measured somewhere else.
///
/// All of them are called from one thread that is no worker's: an exporter may write, wait and
/// allocate. What it cannot do it tells as its problem, and tries the next time anew; it never ends
/// the run.
public protocol Exporter: AnyObject {
  /// What the pipeline file calls it: `json`.
  var name: String { get }
  /// Nanoseconds from one export to the next.
  var interval: UInt64 { get }
  /// Of the run so far.
  func export(_ snapshot: NICSnapshot)
  /// The last one, of the whole run; what was opened is closed.
  func finish(_ snapshot: NICSnapshot)
  /// What is wrong now or went wrong, in a sentence; each sentence is told once.
  var problem: String? { get }
}
