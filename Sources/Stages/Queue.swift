// SPDX-License-Identifier: BSD-3-Clause
import Congestion
public import Pipeline
public import Settings
import Telemetry

/// The queues of an output port.
public struct QueueStage: HoldingStage, ~Copyable {
  public static var name: String { "queue" }
  public static var summary: String {
    "Queues packets before a link of a rate, by priority; drops what has no room, marks with CE."
  }
  public static var settings: [any SettingDeclaration] {
    [
      rate, mode, scheduler, weights, capacity, priorityCapacity, packets, mark, count, port, pause,
      label,
    ]
  }
  public static var example: String {
    """
    - queue: {rate: 100Gbps, capacity: 12MB, mark: {profile: hpcc}}
    - queue:
        rate: 25Gbps
        scheduler: dwrr
        weights: [1, 1, 1, 8, 8, 1, 0, 0]
        mark: {min: 100KB, max: 400KB, probability: 20%, decide: dequeue, priorities: [3, 4]}
    - queue: {rate: 10Gbps, mode: virtual, mark: {profile: dctcp}}
    """
  }

  /// Whether packets wait.
  enum Mode: String, CaseIterable, Sendable {
    case real, virtual
  }

  enum Scheduler: String, CaseIterable, Sendable {
    case fifo, strict, dwrr

    var discipline: EgressQueue.Discipline {
      switch self {
      case .fifo: .firstInFirstOut
      case .strict: .strict
      case .dwrr: .weighted
      }
    }
  }

  /// When it is decided whether a packet is marked.
  enum Decision: String, CaseIterable, Sendable {
    case enqueue, dequeue
  }

  static let rate: Setting<Double> = .bitRate(
    "rate", in: 1000...100e12, "The rate of the link that the queue feeds")
  static let mode: Setting<Mode> = .choice(
    "mode", default: .real,
    "Keep packets until their last bit would be sent; or let them pass at once and only reckon how"
      + " deep one queue would be")
  static let scheduler: Setting<Scheduler> = .choice(
    "scheduler", default: .fifo,
    "One queue for all; or one for each priority: the highest first, or by weights")
  static let weights: Setting<[Int]?> = .list(
    "weights", of: .integer(in: 0...1000),
    "Of priorities 0 to 7, for dwrr: shares of the bytes; those with 0 come before all others, the"
      + " highest first")
  static let capacity: Setting<Int?> = .size(
    "capacity", in: 1...1e15,
    "How many bytes may wait together: 12MB when left out, and any number in mode virtual")
  static let priorityCapacity: Setting<Int?> = .size(
    "priority-capacity", in: 1...1e15, "How many bytes of each priority may wait")
  static let packets: Setting<Int> = .integer(
    "packets", in: 1...4_194_304, default: 16384,
    "How many packets may be kept at once; the pool is made larger by as many")
  static let decide: Setting<Decision?> = .choice(
    "decide",
    "Mark by the depth that a packet finds (enqueue) or leaves behind (dequeue): enqueue when left"
      + " out, or dequeue where a delay decides")
  static let mark: Setting<SettingValues?> = .record(
    "mark", MarkSettings.all + [decide], "Mark packets with CE; see `mark-ecn`")
  static let count: Setting<PacketMeasure> = .choice(
    "count", default: .wire,
    "Count all that a frame takes of an Ethernet wire, which is 24 bytes more than itself; or bytes"
      + " of frames without their check sequence, or of IP packets")
  static let port: Setting<String?> = .port(
    "port", "The port whose link it is: pauses that a `pfc` takes for that port stop its priorities"
  )
  static let pause: Setting<SettingValues?> = .record(
    "pause", PauseRequests.settings,
    "Send PFC frames to the peers of input ports while much of what came from them is kept")
  static let label: Setting<String?> = .identifier(
    "name", "A name under which other stages find how deep the queue is")

  let isReal: Bool
  let measure: PacketMeasure
  let full: DropReason
  let unheld: DropReason
  let notECT: DropReason
  let marks: Bool
  /// Whether packets are marked by what they leave behind.
  let marksAtDequeue: Bool
  var marking: ECNMarking
  /// In virtual mode nothing of it is used but counters.
  var egress: EgressQueue
  /// By the places of packets in `egress`.
  let held: UnsafeMutablePointer<HeldPacket>
  /// By queue: the average of its depth, where marks go by that.
  let averages: UnsafeMutablePointer<AverageDepth>
  let hasQueues: Bool
  var reckoned: VirtualQueue
  let reckonedCapacity: UInt64
  let storm: DropReason
  /// The pauses of the port that it feeds.
  let pauses: UnsafeMutablePointer<PortPauses>?
  private let sharedPauses: SharedPauses?
  /// By priority: how many packets had begun when the watchdog of pauses was told last.
  let begunBefore: UnsafeMutablePointer<UInt64>
  var requests: PauseRequests
  private let depths: QueueDepths?
  let sharedDepths: UnsafeMutablePointer<UInt64>?
  private let telemetry: TelemetryBoard
  /// What packets find when they come.
  let foundDepths: UnsafeMutablePointer<LogLinearHistogram>

  public init(_ settings: SettingValues, _ context: StageContext) throws(SettingsError) {
    try Self.refuseContradictions(settings)
    context.warnOfWorkers(
      settings,
      "has a queue of its own, so that what leaves can be \(context.workers) times the rate",
      fix: "use one worker, or a rate that is as much smaller")
    let rate = UInt64(settings[Self.rate].rounded())
    let mark = settings[Self.mark]
    var marking = try Self.marking(mark, rate, context)
    let isReal = settings[Self.mode] == .real
    if !isReal { marking.convertDelays(toDepthsAt: rate) }
    if context.mode == .check, mark != nil { context.explain(marking.explanation) }
    let requests = try PauseRequests(
      settings[Self.pause], rate: rate, Self.buffer(settings), context)
    let places = isReal ? settings[Self.packets] : 1
    if isReal { context.reservePackets(held: places) }
    let name = settings[Self.label]
    depths = name.map { name in context.common("queue \(name)") { QueueDepths() } }
    sharedDepths = depths?.bytes
    telemetry = context.telemetryBoard
    foundDepths = telemetry.queueDepths
    sharedPauses = settings[Self.port].map { port in
      context.common("pauses of port \(port)") { SharedPauses() }
    }
    pauses = sharedPauses?.pauses
    storm = context.reason("pause-storm")
    self.requests = requests
    begunBefore = .allocate(capacity: EgressQueue.priorityCount)
    begunBefore.initialize(repeating: 0, count: EgressQueue.priorityCount)
    self.isReal = isReal
    measure = settings[Self.count]
    full = context.reason("queue-full")
    unheld = context.reason("queue-buffers")
    notECT = context.reason("ecn-not-ect")
    marks = mark != nil
    marksAtDequeue = isReal && (mark?[Self.decide] == .dequeue || marking.measuresDelay)
    self.marking = marking
    held = .allocate(capacity: places)
    averages = .allocate(capacity: EgressQueue.priorityCount)
    averages.initialize(
      repeating: AverageDepth(shift: marking.average), count: EgressQueue.priorityCount)
    hasQueues = settings[Self.scheduler] != .fifo
    reckoned = VirtualQueue(bytesPerSecond: max(rate / 8, 1))
    reckonedCapacity = settings[Self.capacity].map(UInt64.init) ?? .max
    egress = Self.egress(settings, rate)
  }

  deinit {
    held.deallocate()
    begunBefore.deallocate()
    averages.deallocate()
  }

  public var nextRelease: UInt64 {
    guard isReal else { return .max }
    showPauses()
    return min(egress.nextEvent, requests.nextEvent, pauses?.pointee.nextEvent ?? .max)
  }

  public mutating func process(_ burst: inout Burst, _ selection: Selection) {
    if isReal { hold(selection, of: &burst) } else { reckon(selection, of: &burst) }
    if sharedDepths != nil { showDepths() }
  }

  public mutating func release(_ burst: inout Burst, until now: UInt64) {
    letGo(&burst, until: now)
    if sharedDepths != nil { showDepths() }
  }

  @inline(never)
  private func showDepths() {
    guard let sharedDepths else { return }
    for priority in 0..<EgressQueue.priorityCount {
      sharedDepths[priority] = egress.counters[priority].depth
    }
    sharedDepths[QueueDepths.all] = isReal ? egress.depth : reckoned.depth
  }
}
