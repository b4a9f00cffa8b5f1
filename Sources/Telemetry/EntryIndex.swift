// SPDX-License-Identifier: BSD-3-Clause

/// Finds numbers of entries by the hash of their keys: open addressing with linear probing, at most
/// a quarter full: a look-up rarely has to go on.
@frozen @usableFromInline
struct EntryIndex: ~Copyable {
  @frozen @usableFromInline
  struct Slot: BitwiseCopyable {
    @usableFromInline var hash: UInt32
    @usableFromInline var entry: UInt32

    @inlinable init(hash: UInt32 = 0, entry: UInt32 = EntryIndex.none) {
      self.hash = hash
      self.entry = entry
    }
  }

  @inlinable static var none: UInt32 { .max }
  @usableFromInline let slots: UnsafeMutablePointer<Slot>
  @usableFromInline let mask: Int

  init(capacity: Int) {
    let count = 1 << (Int.bitWidth - (4 * capacity - 1).leadingZeroBitCount)
    slots = .allocate(capacity: count)
    slots.initialize(repeating: Slot(), count: count)
    mask = count - 1
  }

  deinit { slots.deallocate() }

  var byteCount: Int { (mask + 1) * MemoryLayout<Slot>.stride }

  @inlinable @inline(__always)
  func home(of hash: UInt32) -> Int { Int(truncatingIfNeeded: hash) & mask }

  @inlinable @inline(__always)
  func after(_ place: Int) -> Int { (place &+ 1) & mask }

  @inlinable @inline(__always)
  func entry(at place: Int) -> Int? {
    let entry = slots[place].entry
    return entry == Self.none ? nil : Int(truncatingIfNeeded: entry)
  }

  @inlinable
  func insert(_ entry: UInt32, _ hash: UInt32) {
    var place = home(of: hash)
    while slots[place].entry != Self.none { place = after(place) }
    slots[place] = Slot(hash: hash, entry: entry)
  }

  @inlinable
  func remove(_ entry: UInt32, _ hash: UInt32) {
    var place = home(of: hash)
    while slots[place].entry != entry {
      guard slots[place].entry != Self.none else { return }
      place = after(place)
    }
    close(place)
  }

  /// Moves up what lies behind a slot that is no longer used, so that it is still found.
  @inlinable
  func close(_ unused: Int) {
    var unused = unused
    var place = after(unused)
    while slots[place].entry != Self.none {
      let home = home(of: slots[place].hash)
      if (place &- home) & mask >= (place &- unused) & mask {
        slots[unused] = slots[place]
        unused = place
      }
      place = after(place)
    }
    slots[unused] = Slot()
  }
}
