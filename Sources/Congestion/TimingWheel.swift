// SPDX-License-Identifier: BSD-3-Clause

/// What is to happen later, by time to the nanosecond, for things that have numbers; each can be in
/// the wheel once. What is due at one time comes in the order in which it was put in.
///
/// Eight wheels of 256 slots (Varghese and Lauck 1987, hierarchical): a slot of the first is one
/// nanosecond, a slot of each next one a whole turn of the wheel before. A thing goes into the
/// wheel of the highest byte in which its time differs from the wheel's, and down when that slot's
/// time comes. So all of 64 bits of time have a place, and nothing is searched for or sorted.
public struct TimingWheel: ~Copyable {
  private struct Slot {
    var first = TimingWheel.none
    var last = TimingWheel.none
  }

  private struct Thing {
    var time: UInt64 = 0
    var next = TimingWheel.none
  }

  private static var none: UInt32 { .max }
  private static var wheels: Int { 8 }

  public let capacity: Int
  private let things: UnsafeMutablePointer<Thing>
  private let slots: UnsafeMutablePointer<Slot>
  /// By wheel, four words: the slots in use.
  private let used: UnsafeMutablePointer<UInt64>
  /// The wheels in use, one bit each.
  private var usedWheels: UInt32 = 0
  /// Nothing before this time is in the wheel.
  private var now: UInt64 = 0
  public private(set) var count = 0

  public init(capacity: Int) {
    self.capacity = capacity
    things = .allocate(capacity: capacity)
    things.initialize(repeating: Thing(), count: capacity)
    slots = .allocate(capacity: Self.wheels * 256)
    slots.initialize(repeating: Slot(), count: Self.wheels * 256)
    used = .allocate(capacity: Self.wheels * 4)
    used.initialize(repeating: 0, count: Self.wheels * 4)
  }

  deinit {
    things.deallocate()
    slots.deallocate()
    used.deallocate()
  }

  /// Puts a thing in that is not in the wheel. A time that is over counts as the latest that was
  /// asked for.
  @inline(__always)
  public mutating func insert(_ number: Int, at time: UInt64) {
    things[number].time = max(time, now)
    count &+= 1
    place(UInt32(truncatingIfNeeded: number))
  }

  @inline(__always)
  private mutating func place(_ number: UInt32) {
    let thing = things + Int(number)
    let time = thing.pointee.time
    thing.pointee.next = Self.none
    let wheel = (63 &- ((time ^ now) | 1).leadingZeroBitCount) &>> 3
    let place = Int(truncatingIfNeeded: (time &>> UInt64(wheel &* 8)) & 255)
    let slot = slots + (wheel &* 256 &+ place)
    if slot.pointee.first == Self.none {
      slot.pointee.first = number
      used[wheel &* 4 &+ place &>> 6] |= 1 &<< UInt64(place & 63)
      usedWheels |= 1 &<< UInt32(truncatingIfNeeded: wheel)
    } else {
      things[Int(slot.pointee.last)].next = number
    }
    slot.pointee.last = number
  }

  /// When there is something to be done next: a thing is due, or has to go down a wheel; `.max`
  /// when the wheel is empty. It is never after the next thing's time.
  public var next: UInt64 {
    guard usedWheels != 0 else { return .max }
    let wheel = usedWheels.trailingZeroBitCount
    return start(of: firstSlot(wheel), wheel)
  }

  @inline(__always)
  private func firstSlot(_ wheel: Int) -> Int {
    let words = used + wheel &* 4
    var word = 0
    while words[word] == 0, word < 3 { word &+= 1 }
    return word &* 64 &+ words[word].trailingZeroBitCount
  }

  /// When a slot begins: the higher bytes are those of the wheel's time.
  @inline(__always)
  private func start(of slot: Int, _ wheel: Int) -> UInt64 {
    let shift = UInt64(wheel &* 8)
    let above = now & ~((0xff &<< shift) | (1 &<< shift &- 1))
    return above | UInt64(slot) &<< shift
  }

  /// The first thing that is due at `limit` or before; it stays in the wheel until `removeFirst`.
  @inline(__always)
  public mutating func first(until limit: UInt64) -> (number: Int, time: UInt64)? {
    while usedWheels != 0 {
      let wheel = usedWheels.trailingZeroBitCount
      let slot = firstSlot(wheel)
      let start = start(of: slot, wheel)
      guard start <= limit else { break }
      now = start
      if wheel == 0 { return (Int(slots[slot].first), start) }
      moveDown(slot, wheel)
    }
    now = max(now, limit)
    return nil
  }

  /// Removes what `first` has returned.
  @inline(__always)
  public mutating func removeFirst() {
    let place = firstSlot(0)
    let slot = slots + place
    slot.pointee.first = things[Int(slot.pointee.first)].next
    if slot.pointee.first == Self.none { clear(place, 0) }
    count &-= 1
  }

  @inline(__always)
  private mutating func clear(_ slot: Int, _ wheel: Int) {
    let words = used + wheel &* 4
    words[slot &>> 6] &= ~(1 &<< UInt64(slot & 63))
    if words[0] | words[1] | words[2] | words[3] == 0 {
      usedWheels &= ~(1 &<< UInt32(truncatingIfNeeded: wheel))
    }
  }

  /// Spreads the things of a slot, which begins now, over the wheels below; in their order.
  @inline(never)
  private mutating func moveDown(_ slot: Int, _ wheel: Int) {
    var number = slots[wheel &* 256 &+ slot].first
    slots[wheel &* 256 &+ slot] = Slot()
    clear(slot, wheel)
    while number != Self.none {
      let next = things[Int(number)].next
      place(number)
      number = next
    }
  }
}
