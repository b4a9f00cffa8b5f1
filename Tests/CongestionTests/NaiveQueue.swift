// SPDX-License-Identifier: BSD-3-Clause
import Congestion

/// The queues of a port, event by event, with arrays and exact times: what `EgressQueue` is held
/// against. Times of the link are in nanoseconds divided by the rate.
struct NaiveQueue {
  struct Packet {
    var number: Int
    var time: UInt64
    var bytes: UInt32
    var priority: Int
  }

  struct Pause {
    var time: UInt64
    var priority: Int
    var until: UInt64
  }

  struct Departure: Equatable {
    var number: Int
    var time: UInt64
    var sojourn: UInt64
    var depthLeft: UInt64
  }

  let rate: Int128
  let discipline: EgressQueue.Discipline
  let capacity: UInt64
  let weights: [Int]
  private var link: Int128 = 0
  private var lines = [[Packet]](repeating: [], count: 8)
  private var pausedUntil = [UInt64](repeating: 0, count: 8)
  private var credit = [Int](repeating: 0, count: 8)
  private var visited = 0
  private var isVisited = false
  private(set) var departures: [Departure] = []
  private(set) var refused: [Int] = []
  private(set) var mostBytes: UInt64 = 0

  init(
    rate: UInt64, _ discipline: EgressQueue.Discipline, capacity: UInt64, weights: [Int] = []
  ) {
    self.rate = Int128(rate)
    self.discipline = discipline
    self.capacity = capacity
    self.weights = weights + Array(repeating: 0, count: 8 - weights.count)
  }

  /// The whole run. A pause comes before packets of its instant.
  mutating func run(_ packets: [Packet], _ pauses: [Pause]) {
    var packets = packets[...]
    var pauses = pauses[...]
    while true {
      let arrival = packets.first.map { Int128($0.time) * rate }
      let pause = pauses.first.map { Int128($0.time) * rate }
      if let start = nextStart(), start <= min(arrival ?? start, pause ?? start) {
        serve(at: start)
      } else if let first = pauses.first, pause ?? 0 <= arrival ?? .max {
        pausedUntil[first.priority] = first.until
        pauses.removeFirst()
      } else if let first = packets.popFirst() {
        take(first)
      } else {
        return
      }
    }
  }

  private var waiting: UInt64 { lines.joined().reduce(0) { $0 + UInt64($1.bytes) } }

  private mutating func take(_ packet: Packet) {
    guard waiting + UInt64(packet.bytes) <= capacity else { return refused.append(packet.number) }
    lines[discipline == .firstInFirstOut ? 0 : packet.priority].append(packet)
    mostBytes = max(mostBytes, waiting)
  }

  /// When a head of a line may go on: after it has come, the link is free and its pause is over.
  private func earliest(_ line: Int) -> Int128? {
    lines[line].first.map { head in
      max(link, Int128(max(head.time, pausedUntil[head.priority])) * rate)
    }
  }

  private func nextStart() -> Int128? { (0..<8).compactMap(earliest).min() }

  private mutating func serve(at start: Int128) {
    let ready = (0..<8).filter { line in earliest(line).map { $0 <= start } ?? false }
    let line = choose(ready)
    let packet = lines[line].removeFirst()
    if lines[line].isEmpty { credit[line] = 0 }
    link = start + Int128(packet.bytes) * 8_000_000_000
    let left =
      discipline == .firstInFirstOut
      ? waiting : lines[line].reduce(0) { $0 + UInt64($1.bytes) }
    departures.append(
      Departure(
        number: packet.number, time: UInt64((link + rate - 1) / rate),
        sojourn: UInt64(start / rate) - packet.time, depthLeft: left))
  }

  private mutating func choose(_ ready: [Int]) -> Int {
    let highest = ready.last { discipline != .weighted || weights[$0] == 0 }
    if let highest { return highest }
    while true {
      if ready.contains(visited) {
        if !isVisited { credit[visited] += weights[visited] * 1538 }
        isVisited = true
        let bytes = Int(lines[visited][0].bytes)
        if credit[visited] >= bytes {
          credit[visited] -= bytes
          return visited
        }
      }
      visited = visited == 7 ? 0 : visited + 1
      isVisited = false
    }
  }
}
