// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
import Pipeline
import Wire

/// What is on its way between the ports of a simulation.
final class SimulatedCables {
  struct Arrival {
    let packet: Packet
    let time: UInt64
    let wireLength: UInt32
    let port: PortIndex
  }

  /// One direction of a cable: what comes in goes out in the same order.
  private struct Direction {
    var arrivals: [Arrival] = []
    var first = 0
    var bytes: UInt64 = 0
  }

  private var directions: [Direction] = []
  let traffic: SimulatedTraffic

  init(_ traffic: SimulatedTraffic) { self.traffic = traffic }

  func addDirection() -> Int {
    directions.append(Direction())
    return directions.count - 1
  }

  func put(_ arrival: Arrival, into direction: Int) {
    directions[direction].arrivals.append(arrival)
    directions[direction].bytes += UInt64(arrival.wireLength &+ Ethernet.wireOverhead)
  }

  /// The bytes of the wire that a direction was taken for so far.
  func bytes(of direction: Int) -> UInt64 { directions[direction].bytes }

  /// When the next packet arrives.
  var next: UInt64 {
    var next = UInt64.max
    for direction in directions where direction.first < direction.arrivals.count {
      next = min(next, direction.arrivals[direction.first].time)
    }
    return next
  }

  /// A packet that has arrived by `now`.
  func take(until now: UInt64) -> Arrival? {
    for place in directions.indices {
      let first = directions[place].first
      guard first < directions[place].arrivals.count,
        directions[place].arrivals[first].time <= now
      else { continue }
      let arrival = directions[place].arrivals[first]
      directions[place].first += 1
      if directions[place].first == directions[place].arrivals.count {
        directions[place].arrivals.removeAll(keepingCapacity: true)
        directions[place].first = 0
      }
      return arrival
    }
    return nil
  }
}

/// A port with a cable: what is sent arrives at the other end.
final class CableOutput: Output {
  private let cables: SimulatedCables
  private let direction: Int
  private let end: PortIndex
  private let delay: UInt64

  init(_ cables: SimulatedCables, direction: Int, to end: PortIndex, delay: UInt64) {
    self.cables = cables
    self.direction = direction
    self.end = end
    self.delay = delay
  }

  override func send(_ batch: OutputBatch) -> Int {
    for place in 0..<batch.count {
      let bytes = batch.wireLengths[place] &+ Ethernet.wireOverhead
      cables.traffic.leave(batch.packets[place], bytes: UInt64(bytes))
      cables.put(
        .init(
          packet: batch.packets[place], time: batch.nanoseconds[place] + delay,
          wireLength: batch.wireLengths[place], port: end),
        into: direction)
    }
    return batch.count
  }
}

/// A port with a host, or with nobody.
final class HostOutput: Output {
  private let traffic: SimulatedTraffic

  init(_ traffic: SimulatedTraffic) { self.traffic = traffic }

  override func send(_ batch: OutputBatch) -> Int {
    for place in 0..<batch.count {
      let packet = batch.packets[place]
      traffic.leave(packet, bytes: nil)
      traffic.arrive(
        UnsafeRawBufferPointer(start: packet.bytes, count: Int(packet.pointee.data_length)))
    }
    cdpdk_free(batch.packets, UInt32(batch.count))
    return batch.count
  }
}

/// Sees what is dropped, which has left its sender too.
final class SimulatedLoss: Output {
  private let traffic: SimulatedTraffic

  init(_ traffic: SimulatedTraffic) { self.traffic = traffic }

  override func send(_ batch: OutputBatch) -> Int {
    for place in 0..<batch.count { traffic.leave(batch.packets[place], bytes: nil) }
    return batch.count
  }
}
