// SPDX-License-Identifier: BSD-3-Clause

/// Packets of a queue one behind the other, linked by their places.
struct QueueLine: BitwiseCopyable {
  private(set) var first = EgressQueue.noPlace
  private var last = EgressQueue.noPlace
  /// What it may send in a round, and what is left of that, in bytes.
  var quantum: UInt64 = 0
  var deficit: UInt64 = 0

  mutating func append(_ place: UInt32, _ packets: UnsafeMutablePointer<QueuedPacket>) {
    packets[Int(place)].next = EgressQueue.noPlace
    if first == EgressQueue.noPlace { first = place } else { packets[Int(last)].next = place }
    last = place
  }

  mutating func removeFirst(_ packets: UnsafeMutablePointer<QueuedPacket>) -> UInt32? {
    guard first != EgressQueue.noPlace else { return nil }
    let place = first
    first = packets[Int(place)].next
    return place
  }
}
