// SPDX-License-Identifier: BSD-3-Clause
import Synchronization
import Tables

/// Where the control side finds what one worker's observers measure: ask the context for
/// `common("telemetry")`.
///
/// It is read while workers write, and takes no lock that they take: there is none.
public final class TelemetryBoard: @unchecked Sendable {
  // Filled while stages are built, and only read from then on.
  private var memories: [TelemetryMemory] = []
  public private(set) var series: [SeriesMemory] = []

  public init() {}

  func add(_ memory: TelemetryMemory, _ series: SeriesMemory?) {
    memories.append(memory)
    if let series { self.series.append(series) }
  }

  /// Whether anything measures.
  public var isEmpty: Bool { memories.isEmpty }

  /// How often events of these kinds began.
  public func begun(_ kinds: [TelemetryEvent.Kind]) -> UInt64 {
    memories.reduce(0) { sum, memory in
      kinds.reduce(sum) { $0 &+ memory.events.pointee.begun[Int($1.rawValue)] }
    }
  }

  public func snapshot(queuePairs: Int) -> TelemetrySnapshot {
    Self.snapshot(of: [self], queuePairs: queuePairs)
  }

  /// - Parameter queuePairs: how many are to be in the list at most.
  public static func snapshot(
    of boards: [TelemetryBoard], queuePairs: Int
  ) -> TelemetrySnapshot {
    var builder = SnapshotBuilder(queuePairs: queuePairs)
    for memory in boards.flatMap(\.memories) { builder.add(memory) }
    return builder.finished
  }
}
