// SPDX-License-Identifier: BSD-3-Clause
import Tables

/// Which buckets a flow or queue pair has: places by the addresses of entries, which stay where
/// they are as long as their table.
struct MeteredFlows: ~Copyable {
  private struct Place {
    /// The entry's address; 0 of a place that is free.
    var address: UInt = 0
    /// What is left of the entry's key, to tell when it belongs to another flow.
    var mark: UInt64 = 0
  }

  private let places: UnsafeMutablePointer<Place>
  let placeCount: Int
  private var remaining: Int

  init(capacity: Int) {
    // At most two places in three are taken, which keeps the ways to a free one short.
    var count = 2
    while count * 2 < capacity * 3 { count *= 2 }
    placeCount = count
    remaining = capacity
    places = .allocate(capacity: count)
    places.initialize(repeating: Place(), count: count)
  }

  deinit { places.deallocate() }

  /// The place of an entry, and whether it is new there; nil when no more may have one.
  @inline(__always)
  mutating func place(
    of entry: UnsafeMutablePointer<FlowEntry>
  ) -> (place: Int, isNew: Bool)? {
    let address = UInt(bitPattern: entry)
    let mark = Self.mark(of: entry.pointee.key)
    let mask = placeCount &- 1
    // Entries are 64 bytes apart: a multiplication spreads them over the upper bits.
    var place = Int(truncatingIfNeeded: (UInt64(address) &* 0x9E37_79B9_7F4A_7C15) &>> 32) & mask
    while places[place].address != address {
      if places[place].address == 0 { return take(place, address, mark) }
      place = (place &+ 1) & mask
    }
    guard places[place].mark != mark else { return (place, false) }
    places[place].mark = mark
    return (place, true)
  }

  @inline(never)
  private mutating func take(
    _ place: Int, _ address: UInt, _ mark: UInt64
  ) -> (place: Int, isNew: Bool)? {
    guard remaining > 0 else { return nil }
    remaining &-= 1
    places[place] = Place(address: address, mark: mark)
    return (place, true)
  }

  @inline(__always)
  private static func mark(of key: FlowKey) -> UInt64 {
    var mark: UInt64 = 0
    for index in 0..<5 {
      mark = (mark ^ key.words[index]) &* 0xBF58_476D_1CE4_E5B9
      mark ^= mark &>> 31
    }
    return mark
  }
}
