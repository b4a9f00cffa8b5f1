// SPDX-License-Identifier: BSD-3-Clause

/// A packet on its way through a queue.
public struct QueuedPacket: BitwiseCopyable, Sendable {
  /// On the link, in bytes.
  public internal(set) var bytes: UInt32 = 0
  public internal(set) var priority: UInt8 = 0
  /// When it came, in nanoseconds.
  public internal(set) var arrival: UInt64 = 0
  /// When its transmission began: the whole nanosecond at or before.
  public internal(set) var start: UInt64 = 0
  /// When its last bit was sent: the whole nanosecond at or after.
  public internal(set) var departure: UInt64 = 0
  /// The bytes that it left waiting in its queue when its transmission began.
  public internal(set) var depthLeft: UInt64 = 0
  /// Whether it was thrown out instead of being sent, at `departure`.
  public internal(set) var isThrownOut = false
  /// The place of the next packet of the same list.
  var next: UInt32 = 0

  /// How long it waited until its transmission began.
  public var sojourn: UInt64 { start &- arrival }
}

/// The queues of a port before a link of a rate, to the nanosecond.
///
/// A packet waits from its arrival until its transmission begins, and the link is busy with it
/// until `departure`; transmissions are not interrupted, follow each other without a gap, and their
/// times are exact: only what is reported is rounded. What is due at an instant happens before a
/// packet that comes at that instant. Packets are known by places: 0 up to `capacity.packets`.
public struct EgressQueue: ~Copyable {
  /// Which packet is next.
  public enum Discipline: Sendable {
    /// One queue, whatever the priority.
    case firstInFirstOut
    /// A queue for each priority: the highest that has packets is next.
    case strict
    /// Deficit round robin by bytes (Shreedhar and Varghese 1995) among priorities that have a
    /// weight; those with weight 0 come before, the highest first.
    case weighted
  }

  /// What there is room for.
  public struct Capacity: Sendable {
    /// Bytes that wait, of all priorities together, and of each.
    public var bytes: UInt64
    public var bytesOfPriority: UInt64
    /// Packets that wait or are sent.
    public var packets: Int

    public init(bytes: UInt64, bytesOfPriority: UInt64 = .max, packets: Int) {
      self.bytes = bytes
      self.bytesOfPriority = bytesOfPriority
      self.packets = packets
    }
  }

  /// What became of a packet that came.
  public enum Admission: BitwiseCopyable, Equatable, Sendable {
    /// It has this place.
    case taken(place: Int)
    /// There is no room for its bytes.
    case full
    /// As many packets are held as may be.
    case unheld
  }

  public static var priorityCount: Int { 8 }
  /// What a weight of one lets a queue send in a round, in bytes: the largest ordinary frame.
  static var quantum: UInt64 { 1538 }
  static var noPlace: UInt32 { .max }

  let discipline: Discipline
  let capacity: Capacity
  let packets: UnsafeMutablePointer<QueuedPacket>
  let lines: UnsafeMutablePointer<QueueLine>
  /// By priority.
  public let counters: UnsafeMutablePointer<QueueCounters>
  /// By priority: until when PFC keeps its packets from being sent, in nanoseconds.
  public let pausedUntil: UnsafeMutablePointer<UInt64>
  /// The lines that come before those with a weight, a bit for each.
  let strictLines: UInt64

  /// Until when the link is busy, or since when it is not.
  var clock: ServiceClock
  /// The packet that is being sent.
  var sending = EgressQueue.noPlace
  /// The latest time that was seen.
  public internal(set) var time: UInt64 = 0
  /// Lines that have packets, a bit for each.
  var waiting: UInt64 = 0
  /// Bytes that wait.
  public internal(set) var depth: UInt64 = 0
  public internal(set) var highWater: UInt64 = 0
  public internal(set) var backwardSteps: UInt64 = 0
  /// Packets that were sent and not yet taken out.
  var sent = QueueLine()
  var free = QueueLine()
  /// Whose turn it is among lines with a weight, and whether it has got its quantum for it.
  var turn = 0
  var hasQuantum = false

  /// - Parameters:
  ///   - rate: in bits per second, at least 1.
  ///   - weights: by priority; only the discipline `weighted` looks at them.
  public init(
    rate: UInt64, _ discipline: Discipline, capacity: Capacity, weights: [UInt32] = []
  ) {
    self.discipline = discipline
    self.capacity = capacity
    clock = ServiceClock(rate: rate)
    packets = .allocate(capacity: max(capacity.packets, 1))
    packets.initialize(repeating: QueuedPacket(), count: max(capacity.packets, 1))
    lines = .allocate(capacity: Self.priorityCount)
    lines.initialize(repeating: QueueLine(), count: Self.priorityCount)
    counters = .allocate(capacity: Self.priorityCount)
    counters.initialize(repeating: QueueCounters(), count: Self.priorityCount)
    pausedUntil = .allocate(capacity: Self.priorityCount)
    pausedUntil.initialize(repeating: 0, count: Self.priorityCount)
    var strictLines: UInt64 = 0
    for (priority, weight) in weights.prefix(Self.priorityCount).enumerated() {
      lines[priority].quantum = UInt64(weight) * Self.quantum
    }
    for priority in 0..<Self.priorityCount where lines[priority].quantum == 0 {
      strictLines |= 1 << UInt64(priority)
    }
    self.strictLines = discipline == .weighted ? strictLines : 0xff
    for place in 0..<capacity.packets { free.append(UInt32(place), packets) }
  }

  deinit {
    packets.deallocate()
    lines.deallocate()
    counters.deallocate()
    pausedUntil.deallocate()
  }

  /// A packet as it is, or was when it was taken out last.
  public func packet(_ place: Int) -> QueuedPacket { packets[place] }

  /// The bytes that a packet of `priority` finds waiting in its queue.
  public func depth(before priority: UInt8) -> UInt64 {
    discipline == .firstInFirstOut ? depth : counters[Int(priority & 7)].depth
  }

  /// Whether a packet would be taken in for its bytes.
  public func hasRoom(for bytes: UInt32, _ priority: UInt8) -> Bool {
    depth &+ UInt64(bytes) <= capacity.bytes
      && counters[Int(priority & 7)].depth &+ UInt64(bytes) <= capacity.bytesOfPriority
  }

  /// Takes a packet in, or turns it away.
  public mutating func offer(bytes: UInt32, priority: UInt8, at now: UInt64) -> Admission {
    if now < time { backwardSteps &+= 1 }
    run(until: now)
    let counters = counters + Int(priority & 7)
    guard hasRoom(for: bytes, priority) else {
      counters.pointee.full &+= 1
      return .full
    }
    guard let place = free.removeFirst(packets) else {
      counters.pointee.unheld &+= 1
      return .unheld
    }
    packets[Int(place)] = QueuedPacket(bytes: bytes, priority: priority & 7, arrival: time)
    let line = discipline == .firstInFirstOut ? 0 : Int(priority & 7)
    lines[line].append(place, packets)
    waiting |= 1 &<< UInt64(line)
    count(bytes, counters)
    if sending == Self.noPlace {
      clock.wait(until: time)
      begin()
    }
    return .taken(place: Int(place))
  }

  private mutating func count(
    _ bytes: UInt32, _ counters: UnsafeMutablePointer<QueueCounters>
  ) {
    counters.pointee.packets &+= 1
    counters.pointee.bytes &+= UInt64(bytes)
    counters.pointee.depth &+= UInt64(bytes)
    counters.pointee.highWater = max(counters.pointee.highWater, counters.pointee.depth)
    depth &+= UInt64(bytes)
    highWater = max(highWater, depth)
  }

  /// The first packet that was sent, or thrown out, and not yet taken out; nil when there is none.
  public var firstSent: Int? { sent.first == Self.noPlace ? nil : Int(sent.first) }

  /// Takes it out: its place is free.
  public mutating func removeFirstSent() {
    guard let place = sent.removeFirst(packets) else { return }
    free.append(place, packets)
  }
}
