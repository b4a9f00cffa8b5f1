// SPDX-License-Identifier: BSD-3-Clause
import Tables
import Wire

/// Puts packets at the points of their time. When time runs beyond the last point, each two become
/// one of twice the length: any span fits.
struct SeriesRecorder {
  /// At one length each, from `origin` on.
  private let points: UnsafeMutablePointer<SeriesPoint>
  /// By series of a queue pair, and point.
  private let bytes: UnsafeMutablePointer<UInt64>
  /// By a queue pair's place: its series and 1; 0 before its first packet.
  private let places: UnsafeMutablePointer<UInt16>
  private let pairs: UnsafeMutablePointer<SequenceRecorder>
  private let pairCapacity: Int
  private var pairCount = 0
  private var origin: UInt64 = 0
  private var interval: UInt64 = 100_000
  /// The points that have a packet are below this one.
  private var used = 0
  /// The point of the last packet, and its time.
  private var current = 0
  private var start: UInt64 = .max
  private var end: UInt64 = 0

  static var pointCount: Int { 1024 }

  init(queuePairs: Int, capacity: Int) {
    pairCapacity = min(max(queuePairs, 0), 65534)
    points = .allocate(capacity: Self.pointCount)
    points.initialize(repeating: SeriesPoint(), count: Self.pointCount)
    bytes = .allocate(capacity: Self.pointCount * max(pairCapacity, 1))
    bytes.initialize(repeating: 0, count: Self.pointCount * max(pairCapacity, 1))
    places = .allocate(capacity: capacity)
    places.initialize(repeating: 0, count: capacity)
    pairs = .allocate(capacity: max(pairCapacity, 1))
    for pair in 0..<pairCapacity { (pairs + pair).initialize(to: SequenceRecorder()) }
  }

  func free() {
    for pair in 0..<pairCapacity { pairs[pair].free() }
    points.deallocate()
    bytes.deallocate()
    places.deallocate()
    pairs.deallocate()
  }

  static func byteCount(queuePairs: Int, capacity: Int) -> Int {
    let ofPair = pointCount * 8 + SequenceRecorder.byteCount
    return pointCount * MemoryLayout<SeriesPoint>.stride + queuePairs * ofPair + capacity * 2
  }

  mutating func add(_ packets: UnsafeMutablePointer<ObservedPacket>, _ count: Int) {
    for place in 0..<count {
      let packet = packets + place
      let now = packet.pointee.nanoseconds
      if now < start || now >= end { move(to: now) }
      let point = points + current
      let length = UInt64(packet.pointee.length)
      let isNotification = packet.pointee.facts.opcode == Opcode.cnp.rawValue
      let kind = packet.pointee.outcome.kind
      point.pointee.packets &+= 1
      point.pointee.bytes &+= length
      point.pointee.ceMarked &+= packet.pointee.facts.kind.contains(.marked) ? 1 : 0
      point.pointee.notifications &+= isNotification ? 1 : 0
      point.pointee.sentAgain &+= kind == SequencePoint.Kind.sentAgain.rawValue ? 1 : 0
      if kind != nil { point.pointee.missing &+= packet.pointee.outcome.missing }
      guard let pair = pair(of: packet) else { continue }
      bytes[pair &* Self.pointCount &+ current] &+= length
      guard let kind else { continue }
      pairs[pair].add(
        SequencePoint.Stored(
          time: now, sequence: packet.pointee.facts.sequence, kind: kind))
    }
  }

  /// The series of the packet's queue pair.
  @inline(__always)
  private mutating func pair(of packet: UnsafeMutablePointer<ObservedPacket>) -> Int? {
    let known = Int(places[Int(packet.pointee.number)])
    if known > 0, pairs[known &- 1].owner == packet.pointee.owner {
      return known &- 1
    }
    return pairCount < pairCapacity ? begin(packet) : nil
  }

  @inline(never)
  private mutating func begin(_ packet: UnsafeMutablePointer<ObservedPacket>) -> Int {
    let pair = pairCount
    pairCount += 1
    pairs[pair].owner = packet.pointee.owner
    pairs[pair].key = packet.pointee.entry.pointee.key
    places[Int(packet.pointee.number)] = UInt16(pair + 1)
    return pair
  }

  /// Finds the point of another time. What is before the first point is put there.
  @inline(never)
  private mutating func move(to now: UInt64) {
    if used == 0 { origin = now - now % interval }
    var number = now > origin ? (now - origin) / interval : 0
    while number >= UInt64(Self.pointCount) {
      halve()
      number = (now - origin) / interval
    }
    current = Int(number)
    used = max(used, current + 1)
    start = current == 0 ? 0 : origin + number * interval
    end = origin + (number + 1) * interval
  }

  private mutating func halve() {
    interval *= 2
    used = (used + 1) / 2
    for place in 0..<Self.pointCount / 2 {
      points[place] = points[2 * place]
      points[place].add(points[2 * place + 1])
    }
    (points + Self.pointCount / 2).update(repeating: SeriesPoint(), count: Self.pointCount / 2)
    for pair in 0..<pairCount {
      let bytes = bytes + pair * Self.pointCount
      for place in 0..<Self.pointCount / 2 {
        bytes[place] = bytes[2 * place] &+ bytes[2 * place + 1]
      }
      (bytes + Self.pointCount / 2).update(repeating: 0, count: Self.pointCount / 2)
    }
  }

  var snapshot: SeriesSnapshot {
    var snapshot = SeriesSnapshot(start: origin, interval: interval)
    snapshot.points = (0..<used).map { points[$0] }
    snapshot.queuePairs = (0..<pairCount).map { pair in
      let own = bytes + pair * Self.pointCount
      return QueuePairSeries(
        name: QueuePairName(pairs[pair].key), bytes: (0..<used).map { own[$0] },
        sequence: pairs[pair].points)
    }
    return snapshot
  }
}
