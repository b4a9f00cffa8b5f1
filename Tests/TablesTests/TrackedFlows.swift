// SPDX-License-Identifier: BSD-3-Clause
@testable import Tables

/// A key that differs from others in one number.
func key(_ number: UInt64) -> FlowKey {
  var key = FlowKey()
  key.words[0] = number
  key.words[4] = 1
  return key
}

/// What a burst was given for one of its packets, as it was when the burst was over.
struct Sighting {
  let entry: UnsafeMutablePointer<FlowEntry>?
  let key: FlowKey?
  let packets: UInt64
  let bytes: UInt64
}

/// A table, and bursts of keys that are looked up in it.
struct TrackedFlows: ~Copyable {
  var table: FlowTable

  init(capacity: Int, idle: UInt64 = 1000, evicts: Bool = true, seed: UInt64 = 7) throws {
    guard
      let table = FlowTable(capacity: capacity, idle: idle, evicts: evicts, seed: seed)
    else { throw NoMemory() }
    self.table = table
  }

  struct NoMemory: Error {}

  /// Packets of 100 bytes that all came at this time.
  @discardableResult
  mutating func see(_ numbers: [UInt64], at nanoseconds: UInt64) -> [Sighting] {
    see(numbers.map { (key($0), nanoseconds) })
  }

  @discardableResult
  mutating func see(_ packets: [(key: FlowKey, nanoseconds: UInt64)]) -> [Sighting] {
    for (place, packet) in packets.enumerated() {
      let lookup = table.lookups + place
      lookup.pointee.key = packet.key
      lookup.pointee.hash = table.hash(packet.key)
      lookup.pointee.nanoseconds = packet.nanoseconds
      lookup.pointee.length = 100
      table.prepare(place)
    }
    _ = table.find(packets.count)
    return packets.indices.map { place in
      let entry = table.lookups[place].entry
      return Sighting(
        entry: entry, key: entry?.pointee.key, packets: entry?.pointee.packets ?? 0,
        bytes: entry?.pointee.bytes ?? 0)
    }
  }

  /// Numbers of keys whose two buckets are these.
  func numbers(_ count: Int, in first: Int, or second: Int) -> [UInt64] {
    let index = table.index
    var found: [UInt64] = []
    var number: UInt64 = 0
    while found.count < count {
      number += 1
      let hash = table.hash(key(number))
      let isThere =
        index.first(hash) == index.slots + first * 8
        && index.second(hash) == index.slots + second * 8
      if isThere { found.append(number) }
    }
    return found
  }
}
