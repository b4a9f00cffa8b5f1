// SPDX-License-Identifier: BSD-3-Clause

/// A share from 0 to 1 in units of 2^-30: what alpha and g of DCQCN are kept in.
@frozen
public struct RateFraction: BitwiseCopyable, Equatable, Sendable {
  public var units: UInt32

  @inlinable public init(units: UInt32) { self.units = units }

  /// So many of 1024: adapters count g and alpha so.
  @inlinable public init(of1024 count: UInt32) { units = count << 20 }

  @inlinable public static var one: RateFraction { RateFraction(units: 1 << 30) }
  @inlinable public static var zero: RateFraction { RateFraction(units: 0) }

  /// One minus this.
  @inlinable public var complement: RateFraction { RateFraction(units: 1 << 30 &- units) }

  /// This share of a number, rounded down.
  @inlinable @inline(__always)
  public func of(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: UInt64(units))
    return product.high &<< 34 | product.low &>> 30
  }

  /// This share of another one.
  @inlinable @inline(__always)
  public func of(_ other: RateFraction) -> RateFraction {
    RateFraction(units: UInt32(truncatingIfNeeded: (UInt64(units) &* UInt64(other.units)) &>> 30))
  }
}

/// The powers of a share below 1, from one table: what is left of alpha after any number of updates
/// takes 32 products at most.
@frozen
public struct RatePowers: BitwiseCopyable, Sendable {
  /// By n: the share to the power of 2^n.
  @usableFromInline let squares: InlineArray<32, RateFraction>

  public init(of share: RateFraction) {
    var power = share
    var squares = InlineArray<32, RateFraction>(repeating: .zero)
    for place in 0..<32 {
      squares[place] = power
      power = power.of(power)
    }
    self.squares = squares
  }

  /// `value` times the share to the power of `exponent`.
  public func times(_ value: RateFraction, exponent: UInt64) -> RateFraction {
    guard exponent < 1 << 32 else { return .zero }
    var result = value
    var rest = exponent
    while rest != 0, result.units != 0 {
      result = squares[rest.trailingZeroBitCount].of(result)
      rest &= rest &- 1
    }
    return result
  }
}
