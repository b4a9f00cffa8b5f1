// SPDX-License-Identifier: BSD-3-Clause
import CDPDK

/// How flows come and go. What happens here is rare beside look-ups, and bounded: an insertion
/// looks at one hand's worth of entries or at two buckets at most.
extension FlowTable {
  /// Entries that each burst looks at to see whether their flows are over.
  static var agedPerBurst: Int { 4 }
  /// Entries of which a full table gives up the one that was idle the longest.
  public static var evictionCandidates: Int { 8 }

  /// An unused entry has a time that no packet has.
  private static var never: UInt64 { .max }

  /// Gives up some of the flows that are over, and has those fetched that the next burst looks at.
  @inline(__always)
  mutating func age(now: UInt64) {
    guard touched > 0 else { return }
    for _ in 0..<Self.agedPerBurst {
      let entry = entries + Int(hand)
      if entry.pointee.lastSeen != Self.never, isOver(entry, at: now) { ageOut(hand) }
      advanceHand()
      cdpdk_prefetch(entry + Self.agedPerBurst)
    }
  }

  @inline(never)
  private mutating func ageOut(_ number: UInt32) {
    counts.agedOut &+= 1
    giveUp(number)
  }

  @inline(__always)
  private mutating func advanceHand() {
    hand &+= 1
    if hand >= touched { hand = 0 }
  }

  /// Puts a flow that is not there into the table.
  mutating func insert(
    _ key: FlowKey, _ hash: UInt64, at time: UInt64
  ) -> UnsafeMutablePointer<FlowEntry>? {
    guard hasUnused || makeRoom(at: time) else {
      counts.refused &+= 1
      return nil
    }
    let number = takeUnused()
    guard
      index.insert(number, hash) || displace(for: number, hash)
        || evictNeighbour(for: number, hash, at: time)
    else {
      putBack(number)
      counts.refused &+= 1
      counts.collided &+= 1
      return nil
    }
    counts.inserted &+= 1
    let entry = entries + Int(number)
    renew(number, key, at: time)
    return entry
  }

  private var hasUnused: Bool { free != .max || Int(touched) < capacity }

  private mutating func takeUnused() -> UInt32 {
    guard free != .max else {
      touched &+= 1
      return touched &- 1
    }
    defer { free = UInt32(truncatingIfNeeded: entries[Int(free)].volume) }
    return free
  }

  private mutating func putBack(_ number: UInt32) {
    entries[Int(number)].lastSeen = Self.never
    entries[Int(number)].volume = UInt64(free)
    free = number
  }

  /// Gives up the flow at the hand that was idle the longest, of some that follow each other; with
  /// `pass` only one that is over.
  private mutating func makeRoom(at time: UInt64) -> Bool {
    var oldest: UInt32?
    for _ in 0..<min(Self.evictionCandidates, Int(touched)) {
      oldest = older(oldest, hand)
      advanceHand()
    }
    return oldest.map { remove($0, at: time) } ?? false
  }

  /// The one of two flows that was seen earlier; none that the burst may be using.
  private func older(_ one: UInt32?, _ other: UInt32) -> UInt32? {
    let seen = entries[Int(other)].lastSeen
    guard seen != Self.never, Int64(bitPattern: seen &- floor) < 0 else { return one }
    guard let one else { return other }
    return Int64(bitPattern: seen &- entries[Int(one)].lastSeen) < 0 ? other : one
  }

  private mutating func remove(_ number: UInt32, at time: UInt64) -> Bool {
    if isOver(entries + Int(number), at: time) {
      counts.agedOut &+= 1
    } else if evicts {
      counts.evicted &+= 1
    } else {
      return false
    }
    giveUp(number)
    return true
  }

  /// Moves a flow of a full bucket to its other bucket. Entries stay where they are.
  private func displace(for number: UInt32, _ hash: UInt64) -> Bool {
    for bucket in 0..<2 {
      let bucket = bucket == 0 ? index.first(hash) : index.second(hash)
      for place in 0..<FlowIndex.slotsPerBucket {
        let resident = index.number(place, of: bucket)
        let itsHash = self.hash(entries[Int(resident)].key)
        let first = index.first(itsHash)
        let other = first == bucket ? index.second(itsHash) : first
        let empty = index.emptySlots(other)
        guard index.put(resident, itsHash, in: other, empty) else { continue }
        index.replace(place, of: bucket, with: number, hash)
        return true
      }
    }
    return false
  }

  /// Gives up one of the flows in the two buckets, by the same rule as when the table is full.
  private mutating func evictNeighbour(
    for number: UInt32, _ hash: UInt64, at time: UInt64
  ) -> Bool {
    var oldest: UInt32?
    for place in 0..<FlowIndex.slotsPerBucket {
      oldest = older(oldest, index.number(place, of: index.first(hash)))
      oldest = older(oldest, index.number(place, of: index.second(hash)))
    }
    guard let oldest, remove(oldest, at: time) else { return false }
    return index.insert(number, hash)
  }

  /// Makes the entry the first of its flow again.
  mutating func begin(_ number: UInt32, at time: UInt64) {
    unpair(number)
    renew(number, entries[Int(number)].key, at: time)
  }

  mutating func giveUp(_ number: UInt32) {
    unpair(number)
    index.remove(number, hash(entries[Int(number)].key))
    details[Int(number)].epoch &+= 1
    putBack(number)
  }

  /// Nothing is known of the flow any more, and older references to it lead nowhere.
  private func renew(_ number: UInt32, _ key: FlowKey, at time: UInt64) {
    let epoch = details[Int(number)].epoch &+ 1
    details[Int(number)] = FlowDetails()
    details[Int(number)].epoch = epoch
    details[Int(number)].firstSeen = time
    entries[Int(number)] = FlowEntry(key: key, nanoseconds: time)
    entries[Int(number)].set(.watched, pairs)
    entries[Int(number)].setOwner(epoch)
  }
}
