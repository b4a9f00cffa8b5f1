// SPDX-License-Identifier: BSD-3-Clause

/// Both halves of a product, one laid over the other, as in wyhash (Wang Yi): every bit depends on
/// all bits of both factors.
@inlinable @inline(__always)
public func foldedProduct(_ one: UInt64, _ other: UInt64) -> UInt64 {
  let product = one.multipliedFullWidth(by: other)
  return product.high ^ product.low
}
