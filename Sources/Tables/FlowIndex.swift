// SPDX-License-Identifier: BSD-3-Clause
import CDPDK

/// Finds entries by hash: buckets of one cache line, each with eight slots. A slot is a tag, 32
/// bits of the hash, and the number of an entry with flags above it. A key has two buckets that it
/// may be in. All buckets together are half full at most, so that most keys are in their first.
struct FlowIndex: BitwiseCopyable {
  static let slotsPerBucket = 8
  /// Bytes of index that a flow takes: two slots.
  static let bytesPerFlow = 16

  /// Eight tags, then eight numbers, for each bucket.
  let words: UnsafeMutablePointer<UInt32>
  let bucketCount: UInt64

  typealias Bucket = UnsafeMutablePointer<UInt32>

  static func bucketCount(capacity: Int) -> Int { (capacity + 3) / 4 }
  static func byteCount(capacity: Int) -> Int { bucketCount(capacity: capacity) * 64 }

  @inline(__always)
  static func tag(_ hash: UInt64) -> UInt32 {
    // Empty slots have tag 0.
    UInt32(truncatingIfNeeded: hash) | 1
  }

  @inline(__always)
  func first(_ hash: UInt64) -> Bucket { bucket(hash &>> 32) }

  /// The bits in the middle: what they share with the first bucket's and with the tag is little.
  @inline(__always)
  func second(_ hash: UInt64) -> Bucket { bucket((hash &>> 16) & 0xffff_ffff ^ 0x9e37_79b9) }

  @inline(__always)
  private func bucket(_ bits: UInt64) -> Bucket {
    words + Int(truncatingIfNeeded: (bits &* bucketCount) &>> 32) &* 16
  }

  /// The slots of the bucket that have this tag, one bit each.
  @inline(__always)
  func matches(_ bucket: Bucket, _ tag: UInt32) -> UInt32 { cdpdk_matches(bucket, tag) }

  @inline(__always)
  func emptySlots(_ bucket: Bucket) -> UInt32 { cdpdk_matches(bucket + 8, 0) }

  @inline(__always)
  func slot(_ place: UInt32, of bucket: Bucket) -> FlowSlot {
    FlowSlot(rawValue: bucket[8 &+ Int(place)])
  }

  /// Where the flow with this number is; nil when it is in neither bucket.
  func place(of number: UInt32, _ hash: UInt64) -> UnsafeMutablePointer<UInt32>? {
    place(of: number, in: first(hash)) ?? place(of: number, in: second(hash))
  }

  private func place(of number: UInt32, in bucket: Bucket) -> UnsafeMutablePointer<UInt32>? {
    for place in 8..<16 where FlowSlot(rawValue: bucket[place]).isFlow(number) {
      return bucket + place
    }
    return nil
  }

  /// Puts a slot into the emptier bucket, the first one when it has room to spare; false when both
  /// are full.
  func insert(_ slot: FlowSlot, _ hash: UInt64) -> Bool {
    let one = first(hash)
    let empty = emptySlots(one)
    if empty.nonzeroBitCount > 2 { return put(slot, hash, in: one, empty) }
    let other = second(hash)
    let otherEmpty = emptySlots(other)
    if otherEmpty.nonzeroBitCount > empty.nonzeroBitCount {
      return put(slot, hash, in: other, otherEmpty)
    }
    return put(slot, hash, in: one, empty)
  }

  func put(_ slot: FlowSlot, _ hash: UInt64, in bucket: Bucket, _ empty: UInt32) -> Bool {
    guard empty != 0 else { return false }
    let place = empty.trailingZeroBitCount
    bucket[place] = Self.tag(hash)
    bucket[8 + place] = slot.rawValue
    return true
  }

  func remove(_ number: UInt32, _ hash: UInt64) {
    guard let place = place(of: number, hash) else { return }
    place.pointee = 0
    (place - 8).pointee = 0
  }
}

/// What a slot leads to: an entry's number in the lower 24 bits, flags above.
struct FlowSlot: BitwiseCopyable {
  var rawValue: UInt32

  static let largestNumber = 1 << 24 - 1
  private static let used: UInt32 = 1 << 31

  init(rawValue: UInt32) { self.rawValue = rawValue }
  init(number: UInt32, flags: UInt8) {
    rawValue = Self.used | UInt32(flags) << 24 | number
  }

  var isUsed: Bool { rawValue & Self.used != 0 }
  var number: UInt32 { rawValue & 0xff_ffff }
  var flags: UInt8 { UInt8(truncatingIfNeeded: rawValue &>> 24) & 0x7f }

  func isFlow(_ number: UInt32) -> Bool { isUsed && self.number == number }

  mutating func set(_ flag: UInt8, _ isSet: Bool) {
    rawValue = isSet ? rawValue | UInt32(flag) << 24 : rawValue & ~(UInt32(flag) << 24)
  }

  /// The flow's packets are looked at for what they say of pairs.
  static let watched: UInt8 = 1
  /// The connection was ended: another packet begins another one.
  static let ended: UInt8 = 2
  /// The opposite direction is known.
  static let paired: UInt8 = 4
}
