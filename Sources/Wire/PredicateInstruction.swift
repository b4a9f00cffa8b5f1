// SPDX-License-Identifier: BSD-3-Clause

/// One step of a predicate: a test of one field, or a bracket of an `or`.
@frozen
@usableFromInline
struct PredicateInstruction: BitwiseCopyable {
  @usableFromInline var operation: Operation
  /// What the test must say of a packet that has the field.
  @usableFromInline var expected: Bool = true
  /// Whether to keep the packets that fail instead, those without the field included.
  @usableFromInline var isNegated: Bool = false
  /// The place of an `or` among the saved masks.
  @usableFromInline var depth: Int32 = 0
  /// How many ranges a set has.
  @usableFromInline var count: Int32 = 0
  @usableFromInline var word: FieldWord
  /// What is read of packets without the word's layers that have this one's; none has 0.
  @usableFromInline var other: FieldWord
  /// The low end of a range or bitmap; where the ranges of a set begin.
  @usableFromInline var low: UInt64 = 0
  /// The length of a range less one, or a bitmap.
  @usableFromInline var span: UInt64 = 0

  @frozen
  @usableFromInline
  enum Operation: UInt8 {
    /// Any of the word's layers is there.
    case present
    case range, bitmap, set
    /// Before the first, between two, and after the last alternative.
    case begin, otherwise, end
  }

  @inlinable
  init(_ operation: Operation, _ word: FieldWord, or other: FieldWord) {
    self.operation = operation
    self.word = word
    self.other = other
  }

  /// What is left of `mask` after this instruction.
  @inlinable
  func step<Source: PacketSource & ~Copyable>(
    _ mask: UInt64, _ source: borrowing Source, _ ranges: UnsafeMutablePointer<UInt64>?,
    _ saved: UnsafeMutablePointer<UInt64>?
  ) -> UInt64 {
    switch operation {
    case .present: return keep(present(mask, source), of: mask)
    case .range: return keep(select(mask, source, RangeTest(self)), of: mask)
    case .bitmap: return keep(select(mask, source, BitmapTest(self)), of: mask)
    case .set:
      guard let ranges else { return 0 }
      return keep(select(mask, source, SetTest(self, ranges)), of: mask)
    case .begin, .otherwise, .end:
      guard let saved else { return 0 }
      return branch(mask, saved + 2 * Int(depth))
    }
  }

  /// `saved[0]` holds the packets that no alternative has decided yet, `saved[1]` the true ones.
  @inlinable @inline(__always)
  func branch(_ mask: UInt64, _ saved: UnsafeMutablePointer<UInt64>) -> UInt64 {
    switch operation {
    case .begin:
      saved[0] = mask
      saved[1] = 0
      return mask
    case .otherwise:
      saved[0] &= ~mask
      saved[1] |= mask
      return saved[0]
    default: return saved[1] | mask
    }
  }

  @inlinable @inline(__always)
  func keep(_ matched: UInt64, of mask: UInt64) -> UInt64 {
    isNegated ? mask & ~matched : matched
  }

  @inlinable @inline(__always)
  func present<Source: PacketSource & ~Copyable>(
    _ mask: UInt64, _ source: borrowing Source
  ) -> UInt64 {
    var bits = mask
    var matched: UInt64 = 0
    while bits != 0 {
      let index = bits.trailingZeroBitCount
      bits &= bits &- 1
      let isPresent = source.headers(index).pointee.layers.rawValue & word.layers != 0
      matched |= UInt64(isPresent ? 1 : 0) &<< UInt64(index)
    }
    return matched
  }

  /// One pass over the packets of `mask` that asks `test` of those that have the field.
  @inlinable @inline(__always)
  func select<Source: PacketSource & ~Copyable, Test: FieldTest>(
    _ mask: UInt64, _ source: borrowing Source, _ test: Test
  ) -> UInt64 {
    // Copies, so that the loop need not read them again after each call of the source.
    let (word, other) = (word, other)
    guard word.origin == .header else { return selectKnown(mask, source, test) }
    if source.sharedLayers.rawValue & word.layers != 0 {
      return selectEvery(mask, source, test, word)
    }
    let expected = expected
    var bits = mask
    var matched: UInt64 = 0
    while bits != 0 {
      let index = bits.trailingZeroBitCount
      bits &= bits &- 1
      let headers = source.headers(index)
      let layers = headers.pointee.layers.rawValue
      let value: UInt64
      if layers & word.layers != 0 {
        value = word.load(headers, source.bytes(index))
      } else if layers & other.layers != 0 {
        value = other.load(headers, source.bytes(index))
      } else {
        continue
      }
      matched |= UInt64(test.accepts(value) == expected ? 1 : 0) &<< UInt64(index)
    }
    return matched
  }

  /// The same where all packets have the word's layers.
  @inlinable @inline(__always)
  func selectEvery<Source: PacketSource & ~Copyable, Test: FieldTest>(
    _ mask: UInt64, _ source: borrowing Source, _ test: Test, _ word: FieldWord
  ) -> UInt64 {
    let expected = expected
    var bits = mask
    var matched: UInt64 = 0
    while bits != 0 {
      let index = bits.trailingZeroBitCount
      bits &= bits &- 1
      let value = word.load(source.headers(index), source.bytes(index))
      matched |= UInt64(test.accepts(value) == expected ? 1 : 0) &<< UInt64(index)
    }
    return matched
  }

  /// The same for what is known of a packet, or what only some with the layer have.
  @inlinable @inline(never)
  func selectKnown<Source: PacketSource & ~Copyable, Test: FieldTest>(
    _ mask: UInt64, _ source: borrowing Source, _ test: Test
  ) -> UInt64 {
    var bits = mask
    var matched: UInt64 = 0
    while bits != 0 {
      let index = bits.trailingZeroBitCount
      bits &= bits &- 1
      let layers = source.headers(index).pointee.layers.rawValue
      guard word.layers == 0 || layers & word.layers != 0 else { continue }
      guard let value = word.value(in: source, at: index) else { continue }
      matched |= UInt64(test.accepts(value) == expected ? 1 : 0) &<< UInt64(index)
    }
    return matched
  }
}
