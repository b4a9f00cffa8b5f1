// SPDX-License-Identifier: BSD-3-Clause
import Pipeline

/// Packets that a stage keeps in many queues, out of one room for all.
struct WaitingPackets: ~Copyable {
  let capacity: Int
  let packets: UnsafeMutablePointer<HeldPacket>
  /// By place: the next packet of the queue, or the next free place.
  private let next: UnsafeMutablePointer<UInt32>
  private var free: UInt32 = 0
  private(set) var count = 0
  private(set) var most = 0

  private static var none: UInt32 { .max }

  init(capacity: Int) {
    self.capacity = capacity
    packets = .allocate(capacity: capacity)
    next = .allocate(capacity: capacity)
    for place in 0..<capacity {
      next[place] = place + 1 < capacity ? UInt32(place + 1) : Self.none
    }
  }

  deinit {
    packets.deallocate()
    next.deallocate()
  }

  var isFull: Bool { free == Self.none }

  /// There must be room.
  @inline(__always)
  mutating func append(_ held: HeldPacket, to queue: UnsafeMutablePointer<PacedQueue>) {
    let place = free
    free = next[Int(place)]
    next[Int(place)] = Self.none
    (packets + Int(place)).initialize(to: held)
    if queue.pointee.count == 0 {
      queue.pointee.first = place
    } else {
      next[Int(queue.pointee.last)] = place
    }
    queue.pointee.last = place
    queue.pointee.count &+= 1
    count &+= 1
    most = max(most, count)
  }

  /// There must be one.
  @inline(__always)
  mutating func removeFirst(of queue: UnsafeMutablePointer<PacedQueue>) {
    let place = Int(queue.pointee.first)
    queue.pointee.first = next[place]
    queue.pointee.count &-= 1
    next[place] = free
    free = UInt32(truncatingIfNeeded: place)
    count &-= 1
  }
}
