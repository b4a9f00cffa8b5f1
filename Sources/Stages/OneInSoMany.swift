// SPDX-License-Identifier: BSD-3-Clause

/// Counts packets, and says of one in so many that it is due.
struct OneInSoMany: BitwiseCopyable {
  let every: UInt64
  /// How many more packets pass before the next one that is due.
  private var remaining: UInt64

  /// - Parameter startsWithFirst: whether the first packet is due, or the last of so many.
  init(every: Int, startsWithFirst: Bool) {
    self.every = UInt64(every)
    remaining = startsWithFirst ? 0 : self.every - 1
  }

  @inline(__always)
  mutating func isNextDue() -> Bool {
    guard remaining == 0 else {
      remaining &-= 1
      return false
    }
    remaining = every &- 1
    return true
  }
}
