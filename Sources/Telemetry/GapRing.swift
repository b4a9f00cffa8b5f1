// SPDX-License-Identifier: BSD-3-Clause

/// Sequence numbers that a queue pair's requests jumped over.
struct SequenceGap: BitwiseCopyable {
  /// The queue pair's place; `.max` of a gap that is none any more.
  var owner = UInt32.max
  var first: UInt32 = 0
  var count: UInt32 = 0
  /// The queue pair's next older gap.
  var next = UInt32.max
  /// When the packet behind it came.
  var time: UInt64 = 0
  /// Whether the reordering time is over.
  var isLost = false

  /// How far into the gap a sequence number is, if it is in it.
  @inline(__always)
  func offset(of sequence: UInt32) -> UInt32? {
    let offset = (sequence &- first) & 0xff_ffff
    return offset < count ? offset : nil
  }
}

/// The gaps of all queue pairs, in the order of their times: new ones take the place of the oldest,
/// and the first that is not lost yet is the next to be.
struct GapRing {
  let gaps: UnsafeMutablePointer<SequenceGap>
  let mask: UInt32
  /// The number of the next gap, and of the first one whose reordering time may go on.
  var next: UInt32 = 0
  var pending: UInt32 = 0

  /// - Parameter capacity: rounded up to a power of two.
  init(capacity: Int) {
    var size = 64
    while size < capacity { size *= 2 }
    gaps = .allocate(capacity: size)
    gaps.initialize(repeating: SequenceGap(), count: size)
    mask = UInt32(size - 1)
  }

  static func byteCount(capacity: Int) -> Int {
    var size = 64
    while size < capacity { size *= 2 }
    return size * MemoryLayout<SequenceGap>.stride
  }

  func free() { gaps.deallocate() }

  @inline(__always)
  subscript(place: UInt32) -> UnsafeMutablePointer<SequenceGap> { gaps + Int(place & mask) }

  var hasPending: Bool { pending != next }
}
