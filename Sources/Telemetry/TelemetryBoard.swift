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

  /// How often events began, for stages of the same worker that wait for one.
  public let begun = BegunEvents()

  /// What packets found in the worker's queues, in bytes: any stage that queues tallies it.
  public let queueDepths: UnsafeMutablePointer<LogLinearHistogram>

  public init() {
    queueDepths = .allocate(capacity: 1)
    queueDepths.initialize(to: LogLinearHistogram(precision: 5, bits: 40))
  }

  deinit { queueDepths.deinitialize(count: 1).deallocate() }

  func add(_ memory: TelemetryMemory, _ series: SeriesMemory?) {
    memory.demand = demand
    memories.append(memory)
    if let series { self.series.append(series) }
  }

  /// Whether anything measures.
  public var isEmpty: Bool { memories.isEmpty }

  /// What became of the traffic over time, once the run is over; nil where nobody asked for it.
  public var seriesSnapshot: SeriesSnapshot? { series.first?.snapshot }

  /// What is wanted whenever queue pairs are looked at. The control side sets it, before it looks.
  public var demand = SweepDemand() {
    didSet { memories.forEach { $0.demand = demand } }
  }

  public var snapshot: TelemetrySnapshot { Self.snapshot(of: [self]) }

  /// What is measured at several workers, which were asked for the same; of queue pairs, what there
  /// was when `Stage.addUp` last looked at them.
  public static func snapshot(of boards: [TelemetryBoard]) -> TelemetrySnapshot {
    var builder = SnapshotBuilder(boards.first?.demand ?? SweepDemand())
    for memory in boards.flatMap(\.memories) { builder.add(memory) }
    for board in boards { builder.add(queueDepths: board.queueDepths.pointee.snapshot) }
    return builder.finished
  }
}

/// How often events of each kind began at one worker: only its own stages look at it while it runs.
public final class BegunEvents: Sendable {
  nonisolated(unsafe) let counters: UnsafeMutablePointer<UInt64>

  init() {
    counters = .allocate(capacity: EventMemory.kinds)
    counters.initialize(repeating: 0, count: EventMemory.kinds)
  }

  deinit { counters.deallocate() }

  /// What to look at for kinds: it stays right for as long as this does.
  public func watch(_ kinds: [TelemetryEvent.Kind]) -> EventWatch {
    EventWatch(counters: counters, kinds: kinds.reduce(0) { $0 | 1 << UInt64($1.rawValue) })
  }
}

/// Some kinds of events that a stage waits for.
public struct EventWatch: BitwiseCopyable {
  let counters: UnsafeMutablePointer<UInt64>
  /// A bit for each kind.
  let kinds: UInt64

  /// How often events of the kinds have begun.
  public var count: UInt64 {
    var rest = kinds
    var sum: UInt64 = 0
    while rest != 0 {
      sum &+= counters[rest.trailingZeroBitCount]
      rest &= rest &- 1
    }
    return sum
  }
}
