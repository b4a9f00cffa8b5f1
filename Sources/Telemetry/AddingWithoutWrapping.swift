// SPDX-License-Identifier: BSD-3-Clause

extension UInt64 {
  /// The sum, or the largest number where that is beyond it.
  @inlinable @inline(__always)
  func addingWithoutWrapping(_ other: UInt64) -> UInt64 {
    let (sum, isOver) = addingReportingOverflow(other)
    return isOver ? .max : sum
  }
}
