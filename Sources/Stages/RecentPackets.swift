// SPDX-License-Identifier: BSD-3-Clause
import Capture
import Pipeline
import Wire

/// Copies of the latest packets, the beginning of each, in a fixed room.
struct RecentPackets: ~Copyable {
  private struct Slot: BitwiseCopyable {
    var nanoseconds: UInt64 = 0
    var originalLength: UInt32 = 0
    var length: UInt32 = 0
    var link = LinkType.ethernet
  }

  let capacity: Int
  private let cut: Int
  private let slots: UnsafeMutablePointer<Slot>
  private let bytes: UnsafeMutableRawPointer
  private var next = 0
  private(set) var count = 0

  /// - Parameter cut: so many bytes of each packet are kept.
  init(capacity: Int, cut: Int) {
    self.capacity = capacity
    self.cut = cut
    slots = .allocate(capacity: capacity)
    slots.initialize(repeating: Slot(), count: capacity)
    bytes = .allocate(byteCount: capacity * cut, alignment: 64)
  }

  deinit {
    slots.deallocate()
    bytes.deallocate()
  }

  mutating func add(_ index: Int, of burst: borrowing Burst) {
    let place = bytes + next &* cut
    var length = 0
    var segment = Optional(burst.packet(index))
    while let part = segment, length < cut {
      let taken = min(Int(part.pointee.data_length), cut &- length)
      (place + length).copyMemory(from: part.bytes, byteCount: taken)
      length &+= taken
      segment = part.pointee.next
    }
    slots[next].nanoseconds = burst.nanoseconds(index)
    slots[next].originalLength = burst.wireLength(index)
    slots[next].length = UInt32(truncatingIfNeeded: length)
    slots[next].link = burst.link
    next = next &+ 1 == capacity ? 0 : next &+ 1
    count = min(count &+ 1, capacity)
  }

  /// Hands all over, the oldest first, and begins anew.
  mutating func record(to ring: CaptureRing) {
    var place = next &- count
    if place < 0 { place &+= capacity }
    for _ in 0..<count {
      let slot = slots[place]
      _ = ring.record(
        UnsafeRawBufferPointer(start: bytes + place &* cut, count: Int(slot.length)),
        nanoseconds: slot.nanoseconds, originalLength: slot.originalLength, linkType: slot.link)
      place = place &+ 1 == capacity ? 0 : place &+ 1
    }
    count = 0
  }
}
