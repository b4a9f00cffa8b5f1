// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
import Congestion
public import Pipeline
public import Settings
import Tables
import Wire

/// Paces the data of queue pairs that were notified of congestion: DCQCN's reaction point.
public struct DCQCNRP: HoldingStage, ~Copyable {
  public static var name: String { "dcqcn-rp" }
  public static var summary: String {
    "Lowers the rate of queue pairs for which congestion notifications come, and paces their data,"
      + " as a sending adapter does."
  }
  public static var settings: [any SettingDeclaration] {
    ReactionPointSettings.all + [capacity, packets, packetsPerQueuePair, consumesCNPs, board]
  }
  public static var example: String {
    """
    - track-qps
    - dcqcn-rp: {rate: 100Gbps, preset: paper}
    """
  }

  static let capacity: Setting<Int> = .integer(
    "capacity", in: 1...FlowTable.largestCapacity, default: 65536,
    "How many queue pairs can be limited, as many as `track-qps` has room for")
  static let packets: Setting<Int> = .integer(
    "packets", in: 1...16_777_216, default: 16384, "How many packets it keeps at most")
  static let packetsPerQueuePair: Setting<Int> = .integer(
    "packets-per-queue-pair", in: 1...16_777_216, default: 1024,
    "How many of one queue pair; more are dropped as `rate-limited`")
  static let consumesCNPs: Setting<Bool> = .boolean(
    "consume-cnps", default: false,
    "Drop notifications that were handled, as `cnp-consumed`; else they go on")
  static let board: Setting<String> = .identifier(
    "name", default: "rp", "What other stages ask for its rates by")

  private let limiters: RateLimiters
  private let parameters: UnsafePointer<ReactionPointParameters>
  private let points: UnsafeMutablePointer<ReactionPoint>
  private let queues: UnsafeMutablePointer<PacedQueue>
  private let limited: UnsafeMutablePointer<UInt64>
  private let capacity: Int
  private var limitedCount = 0
  private var waiting: WaitingPackets
  /// The queue pairs with packets that wait, by the time of the first of these.
  private var wheel: TimingWheel
  /// By place in the burst: the limited packet's queue pair.
  private let numbers: UnsafeMutablePointer<UInt32>
  private let mostOfOne: UInt32
  private let consumes: Bool
  private let isFull: DropReason
  private let isConsumed: DropReason
  private var counts = Counts()
  /// The latest time that was seen.
  private var now: UInt64 = 0

  private struct Counts {
    var handled: UInt64 = 0
    var unpaired: UInt64 = 0
    var beyondCapacity: UInt64 = 0
    var reductions: UInt64 = 0
    var delayed: UInt64 = 0
    var lowestRate = UInt64.max
  }

  public init(_ settings: SettingValues, _ context: StageContext) throws(SettingsError) {
    let parameters = try ReactionPointSettings.parameters(settings)
    context.warnOfWorkers(
      settings, "has limiters of its own, and hears only the notifications that it gets",
      fix: "use one worker")
    let isChecked = context.mode == .check
    capacity = isChecked ? 1 : settings[Self.capacity]
    limiters = RateLimiters(capacity: capacity, parameters)
    self.parameters = UnsafePointer(limiters.parameters)
    points = limiters.points
    queues = limiters.queues
    limited = limiters.limited
    waiting = WaitingPackets(capacity: isChecked ? 1 : settings[Self.packets])
    wheel = TimingWheel(capacity: capacity)
    numbers = .allocate(capacity: Burst.capacity)
    mostOfOne = UInt32(settings[Self.packetsPerQueuePair])
    consumes = settings[Self.consumesCNPs]
    isFull = context.reason("rate-limited")
    isConsumed = context.reason("cnp-consumed")
    context.reservePackets(held: settings[Self.packets])
    context.common("rates of \(settings[Self.board])") { RateBoard() }.show(limiters)
  }

  deinit { numbers.deallocate() }

  public mutating func process(_ burst: inout Burst, _ selection: Selection) {
    var data = Selection()
    var notifications = Selection()
    for index in selection
    where burst.headers(index).pointee.layers.rawValue & Layers.bth.rawValue != 0 {
      let opcode = RoCEData.opcode(of: index, in: burst)
      if opcode == Opcode.cnp.rawValue {
        notifications.insert(index)
      } else if !RoCEData.isAnswer(opcode) {
        data.insert(index)
      }
    }
    // What comes with data at one time is heard before that is sent.
    if !notifications.isEmpty { handle(notifications, in: &burst) }
    guard limitedCount > 0 else { return }
    let slow = findLimited(data, in: burst)
    if !slow.isEmpty { pace(slow, of: &burst) }
  }

  /// The packets whose queue pairs are limited; has the memory of these fetched.
  @inline(__always)
  private func findLimited(_ data: Selection, in burst: borrowing Burst) -> Selection {
    let directory = burst.queuePairDirectory
    var found = Selection()
    for index in data {
      guard let entry = burst.queuePair(index), let number = directory.number(of: entry),
        number < capacity, limited[number &>> 6] &>> UInt64(number & 63) & 1 != 0
      else { continue }
      cdpdk_prefetch(points + number)
      cdpdk_prefetch(queues + number)
      numbers[index] = UInt32(truncatingIfNeeded: number)
      found.insert(index)
    }
    return found
  }

  private mutating func pace(_ slow: Selection, of burst: inout Burst) {
    for index in slow {
      guard let entry = burst.queuePair(index) else { continue }
      let number = Int(numbers[index])
      let now = burst.nanoseconds(index)
      let (point, queue) = (points + number, queues + number)
      if queue.pointee.owner != entry.pointee.owner { forget(number, entry) }
      if queue.pointee.count > 0 {
        keep(index, number, of: &burst)
        continue
      }
      advance(point, to: now)
      if queue.pointee.departure > now {
        guard keep(index, number, of: &burst) else { continue }
        wheel.insert(number, at: queue.pointee.departure)
      } else if point.pointee.hasRecovered(parameters) {
        setLimited(number, false)
      } else {
        depart(number, bytes: burst.wireLength(index), at: now)
      }
    }
    now = max(now, burst.nanoseconds)
  }

  @inline(__always)
  private mutating func advance(_ point: UnsafeMutablePointer<ReactionPoint>, to now: UInt64) {
    if point.pointee.advance(to: now, parameters) { countReduction(point) }
  }

  @inline(never)
  private mutating func countReduction(_ point: UnsafeMutablePointer<ReactionPoint>) {
    counts.reductions &+= 1
    counts.lowestRate = min(counts.lowestRate, point.pointee.rate)
  }

  /// A packet leaves: its bytes, with all that a frame takes of the wire, decide when the next may.
  @inline(__always)
  private mutating func depart(_ number: Int, bytes: UInt32, at now: UInt64) {
    let point = points + number
    queues[number].depart(
      at: now, bytes: UInt64(bytes &+ Ethernet.wireOverhead),
      bitsPerSecond: point.pointee.rate)
    point.pointee.send(bytes, parameters)
  }

  /// Holds the packet behind those of its queue pair; false when there is no room.
  @inline(__always) @discardableResult
  private mutating func keep(_ index: Int, _ number: Int, of burst: inout Burst) -> Bool {
    let queue = queues + number
    guard queue.pointee.count < mostOfOne, !waiting.isFull else {
      burst.drop(index, isFull)
      return false
    }
    waiting.append(burst.hold(index), to: queue)
    counts.delayed &+= 1
    return true
  }

  /// The number was given to another queue pair, which nothing limits. What still waits of the old
  /// one goes on at the line's rate, and in front of the new one's.
  @inline(never)
  private mutating func forget(_ number: Int, _ entry: UnsafeMutablePointer<FlowEntry>) {
    points[number] = ReactionPoint(lineRate: parameters.pointee.lineRate)
    queues[number].owner = entry.pointee.owner
    if queues[number].count == 0 { queues[number].departure = 0 }
  }

  @inline(never)
  private mutating func setLimited(_ number: Int, _ isLimited: Bool) {
    limited[number &>> 6] ^= 1 &<< UInt64(number & 63)
    limitedCount &+= isLimited ? 1 : -1
  }

  public var nextRelease: UInt64 { wheel.next }

  public mutating func release(_ burst: inout Burst, until end: UInt64) {
    while let (number, time) = wheel.first(until: end) {
      let queue = queues + number
      let place = Int(queue.pointee.first)
      guard burst.resume(waiting.packets[place], at: time) != nil else { break }
      wheel.removeFirst()
      let bytes = waiting.packets[place].wireLength
      waiting.removeFirst(of: queue)
      advance(points + number, to: time)
      depart(number, bytes: bytes, at: time)
      if queue.pointee.count > 0 { wheel.insert(number, at: queue.pointee.departure) }
      now = max(now, time)
    }
  }
}

/// Notifications and reports.
extension DCQCNRP {
  @inline(never)
  private mutating func handle(_ notifications: Selection, in burst: inout Burst) {
    for index in notifications { notify(index, in: burst) }
    now = max(now, burst.nanoseconds)
    if consumes { burst.drop(notifications, isConsumed) }
  }

  private mutating func notify(_ index: Int, in burst: borrowing Burst) {
    let directory = burst.queuePairDirectory
    guard let peer = burst.peer(of: index), let number = directory.number(of: peer) else {
      counts.unpaired &+= 1
      return
    }
    guard number < capacity else {
      counts.beyondCapacity &+= 1
      return
    }
    counts.handled &+= 1
    let (point, now) = (points + number, burst.nanoseconds(index))
    if !limiters.isLimited(number) {
      forget(number, peer)
      setLimited(number, true)
    } else if queues[number].owner != peer.pointee.owner {
      forget(number, peer)
    } else {
      advance(point, to: now)
      // A limiter that has recovered is none, and begins anew.
      if point.pointee.hasRecovered(parameters) { forget(number, peer) }
    }
    if point.pointee.notify(at: now, parameters) { countReduction(point) }
  }

  public func figures() -> [StageFigure] {
    var counts = counts
    var limitedNow: UInt64 = 0
    // What timers have done since the queue pair was last looked at is worked out on a copy.
    for number in 0..<capacity where limiters.isLimited(number) {
      var point = points[number]
      if point.advance(to: now, parameters) {
        counts.reductions &+= 1
        counts.lowestRate = min(counts.lowestRate, point.rate)
      }
      if !point.hasRecovered(parameters) { limitedNow &+= 1 }
    }
    let rest = [
      StageFigure("unpaired CNPs", counts.unpaired),
      StageFigure("CNPs beyond the capacity", counts.beyondCapacity),
    ]
    return [
      StageFigure("CNPs handled", counts.handled),
      StageFigure("rate decreases", counts.reductions),
      StageFigure("limited queue pairs", limitedNow),
      StageFigure("packets held", UInt64(waiting.count)),
      StageFigure("most packets held", UInt64(waiting.most)),
      StageFigure("delayed packets", counts.delayed),
      StageFigure("lowest rate", min(counts.lowestRate, parameters.pointee.lineRate)),
    ] + rest.filter { $0.value > 0 }
  }
}
