// SPDX-License-Identifier: BSD-3-Clause
import CDPDK

/// Finds entries by hash: buckets of half a cache line, each with eight slots. A slot is the number
/// of an entry below a tag, which is bits of the hash; 0 is an empty one. A key has two buckets
/// that it may be in. All buckets together are half full at most, so that most keys are in their
/// first.
@frozen @usableFromInline
struct FlowIndex: BitwiseCopyable {
  @inlinable static var slotsPerBucket: Int { 8 }
  /// Bytes of index that a flow takes: two slots.
  static let bytesPerFlow = 8
  /// Leaves a tag of eight bits, the lowest of which says that the slot is used.
  static let largestNumber = 1 << 24 - 1

  @usableFromInline let slots: UnsafeMutablePointer<UInt32>
  @usableFromInline let bucketCount: UInt64
  /// The bits of a slot that are a number.
  private let numbers: UInt32

  @usableFromInline typealias Bucket = UnsafeMutablePointer<UInt32>

  init(_ slots: UnsafeMutablePointer<UInt32>, capacity: Int) {
    self.slots = slots
    bucketCount = UInt64(Self.bucketCount(capacity: capacity))
    numbers = UInt32.max >> UInt32(UInt32(max(capacity - 1, 1)).leadingZeroBitCount)
  }

  private static func bucketCount(capacity: Int) -> Int { (capacity + 3) / 4 }
  static func byteCount(capacity: Int) -> Int {
    bucketCount(capacity: capacity) * slotsPerBucket * MemoryLayout<UInt32>.stride
  }

  @inline(__always)
  func tag(_ hash: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: hash) & ~numbers | numbers &+ 1
  }

  @inlinable @inline(__always)
  func first(_ hash: UInt64) -> Bucket { bucket(hash &>> 32) }

  /// The bits in the middle: what they share with the first bucket's and with the tag is little.
  @inline(__always)
  func second(_ hash: UInt64) -> Bucket { bucket((hash &>> 16) & 0xffff_ffff ^ 0x9e37_79b9) }

  @inlinable @inline(__always)
  func bucket(_ bits: UInt64) -> Bucket {
    slots + Int(truncatingIfNeeded: (bits &* bucketCount) &>> 32) &* Self.slotsPerBucket
  }

  /// The slots of the bucket that have the hash's tag, one bit each.
  @inline(__always)
  func matches(_ bucket: Bucket, _ hash: UInt64) -> UInt32 {
    cdpdk_matches(bucket, ~numbers, tag(hash))
  }

  @inline(__always)
  func emptySlots(_ bucket: Bucket) -> UInt32 { cdpdk_matches(bucket, ~0, 0) }

  @inline(__always)
  func number(_ place: Int, of bucket: Bucket) -> UInt32 { bucket[place] & numbers }

  /// Puts a number into the emptier bucket, the first one when it has room to spare; false when
  /// both are full.
  func insert(_ number: UInt32, _ hash: UInt64) -> Bool {
    let one = first(hash)
    let empty = emptySlots(one)
    if empty.nonzeroBitCount > 2 { return put(number, hash, in: one, empty) }
    let other = second(hash)
    let otherEmpty = emptySlots(other)
    if otherEmpty.nonzeroBitCount > empty.nonzeroBitCount {
      return put(number, hash, in: other, otherEmpty)
    }
    return put(number, hash, in: one, empty)
  }

  func put(_ number: UInt32, _ hash: UInt64, in bucket: Bucket, _ empty: UInt32) -> Bool {
    guard empty != 0 else { return false }
    replace(empty.trailingZeroBitCount, of: bucket, with: number, hash)
    return true
  }

  func replace(_ place: Int, of bucket: Bucket, with number: UInt32, _ hash: UInt64) {
    bucket[place] = tag(hash) | number
  }

  func remove(_ number: UInt32, _ hash: UInt64) {
    if !remove(number, from: first(hash)) { _ = remove(number, from: second(hash)) }
  }

  private func remove(_ number: UInt32, from bucket: Bucket) -> Bool {
    for place in 0..<Self.slotsPerBucket
    where bucket[place] != 0 && self.number(place, of: bucket) == number {
      bucket[place] = 0
      return true
    }
    return false
  }
}
