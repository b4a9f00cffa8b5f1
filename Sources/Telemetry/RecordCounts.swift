// SPDX-License-Identifier: BSD-3-Clause

/// The lowest 15 bits of four counts, which are added to at once: a bit above each keeps one from
/// running into the next.
struct RecordCounts: BitwiseCopyable {
  private var bits: UInt64

  init(
    messages: UInt64 = 0, writes: UInt64 = 0, acknowledgementRequests: UInt64 = 0,
    notECT: UInt64 = 0
  ) {
    bits = messages | writes &<< 16 | acknowledgementRequests &<< 32 | notECT &<< 48
  }

  private static var all: UInt64 { 0x7fff_7fff_7fff_7fff }
  /// The bits that change with each 8192.
  private static var changing: UInt64 { 0x2000_2000_2000_2000 }

  var isEmpty: Bool { bits == 0 }

  @inline(__always)
  static func | (one: RecordCounts, other: RecordCounts) -> RecordCounts {
    var both = one
    both.bits |= other.bits
    return both
  }

  /// - Returns: whether it is time to bring whole counts up to these: each has changed by less than
  ///   half of what its bits can tell.
  @inline(__always)
  mutating func add(_ others: RecordCounts) -> Bool {
    let before = bits
    bits = (bits &+ others.bits) & Self.all
    return (before ^ bits) & Self.changing != 0
  }

  /// Brings the metrics up to these counts.
  func advance(_ values: UnsafeMutablePointer<UInt64>) {
    advance(&values[Metric.messages.rawValue], place: 0)
    advance(&values[Metric.writeRequests.rawValue], place: 1)
    advance(&values[Metric.acknowledgementRequests.rawValue], place: 2)
    advance(&values[Metric.notECT.rawValue], place: 3)
  }

  /// The count becomes the nearest one that ends with the bits.
  private func advance(_ count: inout UInt64, place: UInt64) {
    let ahead = (bits &>> (place &* 16) &- count) & 0x7fff
    count &+= ahead
    if ahead >= 0x4000 { count &-= 0x8000 }
  }
}
