// SPDX-License-Identifier: BSD-3-Clause

/// The exact time at which a link of a rate is done with what it sends. One over the rate of a
/// nanosecond is its unit, so that nothing is rounded however many packets follow each other.
struct ServiceClock: BitwiseCopyable {
  /// In bits per second, at least 1.
  let rate: UInt64
  private(set) var nanoseconds: UInt64 = 0
  /// In nanoseconds divided by `rate`; below `rate`.
  private var fraction: UInt64 = 0

  init(rate: UInt64) { self.rate = rate }

  /// The first whole nanosecond that is not before it.
  var ceiling: UInt64 { fraction == 0 ? nanoseconds : nanoseconds &+ 1 }

  /// A packet with more bytes is sent as if it had so many.
  static var mostBytes: UInt32 { 1 << 30 }

  mutating func send(_ bytes: UInt32) {
    let product = UInt64(min(bytes, Self.mostBytes)) &* 8_000_000_000
    let (whole, rest) = product.quotientAndRemainder(dividingBy: rate)
    nanoseconds &+= whole
    fraction &+= rest
    if fraction >= rate {
      fraction &-= rate
      nanoseconds &+= 1
    }
  }

  /// Waits until `time`, if that is later.
  mutating func wait(until time: UInt64) {
    guard time > nanoseconds else { return }
    nanoseconds = time
    fraction = 0
  }
}
