// SPDX-License-Identifier: BSD-3-Clause

/// Which packets of a burst are meant: one bit for each of its 64 places.
@frozen
public struct Selection: Sequence, BitwiseCopyable, Hashable, Sendable {
  public var bits: UInt64

  @inlinable public init(bits: UInt64 = 0) { self.bits = bits }

  /// The first `count` places of a burst.
  @inlinable public init(first count: Int) {
    bits = count >= 64 ? ~0 : (1 &<< UInt64(truncatingIfNeeded: count)) &- 1
  }

  @inlinable public var isEmpty: Bool { bits == 0 }
  @inlinable public var count: Int { bits.nonzeroBitCount }

  /// Whether the selected places are the first ones, without a gap.
  @inlinable public var isDense: Bool { bits & (bits &+ 1) == 0 }

  @inlinable public func contains(_ index: Int) -> Bool {
    bits &>> UInt64(truncatingIfNeeded: index) & 1 != 0
  }

  @inlinable public mutating func insert(_ index: Int) {
    bits |= 1 &<< UInt64(truncatingIfNeeded: index)
  }

  @inlinable public mutating func remove(_ index: Int) {
    bits &= ~(1 &<< UInt64(truncatingIfNeeded: index))
  }

  @inlinable public func union(_ other: Selection) -> Selection { .init(bits: bits | other.bits) }

  @inlinable public func intersection(_ other: Selection) -> Selection {
    .init(bits: bits & other.bits)
  }

  @inlinable public func subtracting(_ other: Selection) -> Selection {
    .init(bits: bits & ~other.bits)
  }

  @inlinable public func makeIterator() -> Iterator { Iterator(bits: bits) }

  @frozen public struct Iterator: IteratorProtocol {
    @usableFromInline var bits: UInt64

    @inlinable init(bits: UInt64) { self.bits = bits }

    @inlinable public mutating func next() -> Int? {
      guard bits != 0 else { return nil }
      defer { bits &= bits &- 1 }
      return bits.trailingZeroBitCount
    }
  }
}
