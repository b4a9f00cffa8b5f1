// SPDX-License-Identifier: BSD-3-Clause
import Congestion
public import Pipeline
public import Settings
import Wire

/// Marks packets as a switch port of a rate would.
public struct MarkECN: Stage, ~Copyable {
  public static var name: String { "mark-ecn" }
  public static var summary: String {
    "Marks packets with CE as a port of a rate would; nothing waits, the queue is only reckoned."
  }
  public static var settings: [any SettingDeclaration] {
    [rate, per, count] + MarkSettings.all
  }
  public static var example: String {
    """
    - mark-ecn: {profile: hpcc, rate: 100Gbps}
    - mark-ecn: {rate: 100Gbps, min: 400KB, max: 1600KB, probability: 20%}
      when: priority in {3, 4}
    - mark-ecn: {rate: 10Gbps, curve: delay, min-delay: 1ms, not-ect: drop}
    """
  }

  /// Which packets share a queue.
  enum Grouping: String, CaseIterable, Sendable {
    case all, priority, `class`
  }

  static let rate: Setting<Double> = .bitRate(
    "rate", in: 1000...100e12,
    "The rate at which the queue drains; a little below the port's marks before anything waits")
  static let per: Setting<Grouping> = .choice(
    "per", default: .all,
    "Which packets share a queue: all, or those of a priority or a class; each queue drains at the"
      + " rate as if it were alone")
  static let count: Setting<PacketMeasure> = .choice(
    "count", default: .wire,
    "Count all that a frame takes of an Ethernet wire, which is 24 bytes more than itself; or bytes"
      + " of frames without their check sequence, or of IP packets")

  private struct Queue: BitwiseCopyable {
    var reckoned: VirtualQueue
    var average: AverageDepth
  }

  private var marking: ECNMarking
  private let measure: PacketMeasure
  private let grouping: Grouping
  private let notECT: DropReason
  private let queues: UnsafeMutablePointer<Queue>
  private let queueCount: Int

  public init(_ settings: SettingValues, _ context: StageContext) throws(SettingsError) {
    let rate = UInt64(settings[Self.rate].rounded())
    marking = try MarkSettings.marking(settings, rate: rate, context)
    marking.convertDelays(toDepthsAt: rate)
    if context.mode == .check { context.explain(marking.explanation) }
    context.warnOfWorkers(
      settings, "reckons a queue of its own, of the packets that it gets",
      fix: "use one worker, or a rate that is as much smaller")
    measure = settings[Self.count]
    grouping = settings[Self.per]
    notECT = context.reason("ecn-not-ect")
    queueCount =
      switch grouping {
      case .all: 1
      case .priority: 8
      case .class: TrafficClass.capacity
      }
    queues = .allocate(capacity: queueCount)
    let queue = Queue(
      reckoned: VirtualQueue(bytesPerSecond: max(rate / 8, 1)),
      average: AverageDepth(shift: marking.average))
    queues.initialize(repeating: queue, count: queueCount)
  }

  deinit { queues.deallocate() }

  public mutating func process(_ burst: inout Burst, _ selection: Selection) {
    if grouping == .all && marking.average == 0 && measure != .ip {
      markAll(selection, of: &burst)
    } else {
      markByQueue(selection, of: &burst)
    }
  }

  /// Below the lowest threshold a packet costs an addition and a look at its ECN field.
  private mutating func markAll(_ selection: Selection, of burst: inout Burst) {
    let lowest = marking.lowest
    let overhead = measure.overhead
    var queue = queues[0].reckoned
    var ceIn: UInt64 = 0
    for index in selection {
      queue.drain(until: burst.nanoseconds(index))
      let depth = queue.depth
      queue.add(UInt64(burst.wireLength(index) &+ overhead))
      ceIn &+= ECNMarking.congestionExperienced(index, of: burst)
      if depth > lowest { mark(index, of: &burst, depth) }
    }
    queues[0].reckoned = queue
    marking.ceIn &+= ceIn
  }

  @inline(never)
  private mutating func mark(_ index: Int, of burst: inout Burst, _ depth: UInt64) {
    if marking.mark(index, of: burst, depth: depth) { burst.drop(index, notECT) }
  }

  @inline(never)
  private mutating func markByQueue(_ selection: Selection, of burst: inout Burst) {
    for index in selection {
      let queue = queues + place(of: burst.headers(index))
      let idle = queue.pointee.reckoned.drain(until: burst.nanoseconds(index))
      var depth = queue.pointee.reckoned.depth
      queue.pointee.reckoned.add(UInt64(measure.bytes(of: index, in: burst)))
      marking.ceIn &+= ECNMarking.congestionExperienced(index, of: burst)
      if marking.average > 0 {
        queue.pointee.average.rest(idle)
        queue.pointee.average.add(depth)
        depth = queue.pointee.average.value
      }
      if depth > marking.lowest { mark(index, of: &burst, depth) }
    }
  }

  @inline(__always)
  private func place(of headers: UnsafePointer<Headers>) -> Int {
    switch grouping {
    case .all: 0
    case .priority: Int(headers.pointee.priority & 7)
    case .class: Int(headers.pointee.trafficClass.number)
    }
  }

  public func figures() -> [StageFigure] {
    let reckoned = (0..<queueCount).map { queues[$0].reckoned }
    let backward = reckoned.reduce(0) { $0 + $1.backwardSteps }
    return marking.figures
      + [StageFigure("deepest queue in bytes", reckoned.map(\.highWater).max() ?? 0)]
      + (backward > 0 ? [StageFigure("times before the latest", backward)] : [])
  }
}
