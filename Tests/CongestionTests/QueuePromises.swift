// SPDX-License-Identifier: BSD-3-Clause
import Congestion

/// What may be expected of queues before a link that is paused, whatever comes and whenever.
struct QueuePromises: ~Copyable {
  /// The promise that is broken, or nil: bytes are a port and then what happens there, three each.
  static func broken(by bytes: [UInt8]) -> String? {
    guard bytes.count > 4 else { return nil }
    var port = QueuePromises(bytes)
    for place in stride(from: 4, to: bytes.count - 2, by: 3) {
      if let broken = port.happens(bytes[place], bytes[place + 1], bytes[place + 2]) {
        return broken
      }
    }
    return port.end()
  }

  private var queue: EgressQueue
  private var pauses: PortPauses
  private var requests: PauseGenerator
  private var time: UInt64 = 0
  private var lastDeparture: UInt64 = 0
  /// By place: whether somebody is there.
  private var isTaken: [Bool]
  private var offered = 0
  private var turnedAway = 0
  private var left = 0
  private var kept: UInt64 = 0

  private init(_ bytes: [UInt8]) {
    let disciplines: [EgressQueue.Discipline] = [.firstInFirstOut, .strict, .weighted]
    let rates: [UInt64] = [1_000_000, 77_777_777, 400_000_000_000, 100_000_000_000_000]
    let places = Int(bytes[1] & 31) + 1
    queue = EgressQueue(
      rate: rates[Int(bytes[0] >> 6)], disciplines[Int(bytes[0] & 63) % 3],
      capacity: .init(
        bytes: UInt64(bytes[2]) * 256, bytesOfPriority: bytes[1] & 128 > 0 ? 3000 : .max,
        packets: places), weights: (0..<8).map { UInt32(bytes[3] >> $0 & 1) * 3 })
    isTaken = Array(repeating: false, count: places)
    let actions: [PauseWatchdog.Action] = [.drop, .forward, .alert]
    pauses = PortPauses(
      link: LinkPauses(bitRate: 1_000_000_000, honoured: bytes[3] | 8),
      watchdog: PauseWatchdog(
        detection: 1 << UInt64(bytes[2] & 31), restoration: 1 << UInt64(bytes[3] & 31),
        action: actions[Int(bytes[1] >> 5) % 3]))
    requests = PauseGenerator(bitRate: 1_000_000, stopAbove: 2000, startAt: 1000)
  }

  private mutating func happens(_ kind: UInt8, _ first: UInt8, _ second: UInt8) -> String? {
    switch kind & 7 {
    case 0, 1, 2, 3:
      offer(UInt32(first) << 4 | 1, second & 7)
    case 4:
      // A step, a long time, or back in time: not by years, in which pauses would be renewed.
      let step = UInt64(first) << UInt64(second & 63)
      let (sum, isLate) = time.addingReportingOverflow(step)
      time =
        second & 128 > 0 ? time - min(time, step, 1 << 30) : isLate || sum > 1 << 62 ? time : sum
    case 5:
      // A frame comes after what was due before it.
      if let broken = run(until: time) { return broken }
      let quanta: [UInt16] = [0, 1, 1000, .max]
      pauses.receive(PauseTimes(vector: first, all: quanta[Int(second & 3)]), at: time)
    default: return run(until: time)
    }
    return second & 64 > 0 ? run(until: time) : nil
  }

  private mutating func offer(_ bytes: UInt32, _ priority: UInt8) {
    offered += 1
    guard !pauses.drops(Int(priority)),
      case .taken(let place) = queue.offer(bytes: bytes, priority: priority, at: time)
    else {
      turnedAway += 1
      return
    }
    isTaken[place] = true
    kept += UInt64(bytes)
    requests.note(0, bytes: kept)
    tell()
  }

  private mutating func tell() {
    for priority in 0..<8 {
      pauses.noteBacklog(priority, bytes: queue.counters[priority].depth, at: time)
    }
  }

  private var nextEvent: UInt64 { min(queue.nextEvent, pauses.nextEvent, requests.nextEvent) }

  /// All that is due, one instant after the other.
  private mutating func run(until end: UInt64) -> String? {
    var idle = 0
    while nextEvent <= end {
      let now = max(nextEvent, queue.time)
      let before = (nextEvent, left)
      if let broken = step(at: now) { return broken }
      idle = before == (nextEvent, left) ? idle + 1 : 0
      if idle > 2 { return "what is due at \(now) stays due" }
    }
    return nil
  }

  private mutating func step(at now: UInt64) -> String? {
    pauses.advance(to: now)
    for priority in 0..<8 {
      let end = pauses.pausedUntil(priority)
      let isIgnored = pauses.isStorming(priority) && end == 0
      queue.pausedUntil[priority] = isIgnored ? pauses.storms(priority).lastBegin : end
      if pauses.drops(priority), queue.counters[priority].depth > 0 {
        queue.throwOut(UInt8(priority), at: now)
      }
    }
    queue.run(until: now)
    while let place = queue.firstSent {
      let packet = queue.packet(place)
      queue.removeFirstSent()
      guard isTaken[place] else { return "place \(place) left twice" }
      isTaken[place] = false
      guard packet.departure >= lastDeparture else {
        return "a packet left at \(packet.departure), after one at \(lastDeparture)"
      }
      lastDeparture = packet.departure
      left += 1
      kept -= UInt64(packet.bytes)
      requests.note(0, bytes: kept)
    }
    while requests.takeFrame(at: now) != nil {}
    time = max(time, now)
    tell()
    return nil
  }

  /// The last packet leaves in the end.
  private mutating func end() -> String? {
    if let broken = run(until: .max - 1) { return broken }
    guard offered == turnedAway + left else {
      return "\(offered) came, \(turnedAway) were turned away, and \(left) left"
    }
    guard queue.depth == 0, kept == 0, !requests.isStopped(0) else {
      return "\(queue.depth) bytes wait, \(kept) are kept"
    }
    return nil
  }
}
