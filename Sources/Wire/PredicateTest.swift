// SPDX-License-Identifier: BSD-3-Clause

/// A question about the value of a field.
@usableFromInline
protocol FieldTest: BitwiseCopyable {
  func accepts(_ value: UInt64) -> Bool
}

/// Every single value, order and range: one subtraction and one comparison.
@frozen
@usableFromInline
struct RangeTest: FieldTest {
  @usableFromInline let low: UInt64
  @usableFromInline let span: UInt64

  @inlinable @inline(__always)
  init(_ instruction: PredicateInstruction) {
    low = instruction.low
    span = instruction.span
  }

  @inlinable @inline(__always)
  func accepts(_ value: UInt64) -> Bool { value &- low <= span }
}

/// A set whose values lie within 64 of each other.
@frozen
@usableFromInline
struct BitmapTest: FieldTest {
  @usableFromInline let low: UInt64
  @usableFromInline let bits: UInt64

  @inlinable @inline(__always)
  init(_ instruction: PredicateInstruction) {
    low = instruction.low
    bits = instruction.span
  }

  @inlinable @inline(__always)
  func accepts(_ value: UInt64) -> Bool {
    let place = value &- low
    return place < 64 && bits &>> place & 1 != 0
  }
}

/// Any set: ascending ranges that do not touch, found by halving.
@frozen
@usableFromInline
struct SetTest: FieldTest {
  /// Low ends and spans by turns.
  @usableFromInline let ranges: UnsafePointer<UInt64>
  @usableFromInline let count: Int

  @inlinable @inline(__always)
  init(_ instruction: PredicateInstruction, _ ranges: UnsafeMutablePointer<UInt64>) {
    self.ranges = UnsafePointer(ranges + Int(truncatingIfNeeded: instruction.low))
    count = Int(instruction.count)
  }

  @inlinable @inline(__always)
  func accepts(_ value: UInt64) -> Bool {
    // The range that `value` may be in is at `first` or after it, with `length` candidates.
    var first = 0
    var length = count
    while length > 1 {
      let half = length &>> 1
      if ranges[2 &* (first &+ half)] <= value { first &+= half }
      length &-= half
    }
    return value &- ranges[2 &* first] <= ranges[2 &* first &+ 1]
  }
}
