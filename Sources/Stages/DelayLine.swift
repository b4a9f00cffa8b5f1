// SPDX-License-Identifier: BSD-3-Clause
import Pipeline

/// Packets that wait, the one that leaves next first. They must come in the order in which they
/// leave.
struct DelayLine: ~Copyable {
  struct Entry: BitwiseCopyable {
    var held: HeldPacket
    /// When the packet leaves, in nanoseconds.
    var time: UInt64
    /// How many came before it, in all lines of a stage: who leaves first at one time.
    var number: UInt64
  }

  private let entries: UnsafeMutablePointer<Entry>
  private let mask: Int
  private var first = 0
  private(set) var count = 0
  /// When the first one leaves; `.max` when there is none.
  private(set) var next: UInt64 = .max

  /// - Parameter capacity: how many wait at most, at least 1.
  init(capacity: Int) {
    var places = 1
    while places < capacity { places <<= 1 }
    entries = .allocate(capacity: places)
    mask = places - 1
  }

  deinit { entries.deallocate() }

  /// The caller knows that there is room.
  @inline(__always)
  mutating func append(_ entry: Entry) {
    (entries + ((first &+ count) & mask)).initialize(to: entry)
    if count == 0 { next = entry.time }
    count &+= 1
  }

  /// The one that leaves next; there must be one.
  var head: UnsafeMutablePointer<Entry> { entries + first }

  mutating func removeFirst() {
    first = (first &+ 1) & mask
    count &-= 1
    next = count > 0 ? entries[first].time : .max
  }
}
