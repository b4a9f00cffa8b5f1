// SPDX-License-Identifier: BSD-3-Clause
import Congestion

/// The meters in the words of RFC 2697, RFC 2698 and RFC 4115, token by token, on a clock whose
/// ticks are counted from the start with 128 bits. Slow, and nothing of it is Sluice's.
struct RFCMeter {
  let algorithm: Meter.Algorithm
  let cir: UInt64
  let cbs: UInt64
  /// PIR or EIR, and PBS or EBS.
  let rate: UInt64
  let size: UInt64
  let start: UInt64

  private var now: UInt64
  private(set) var tc: UInt64
  private(set) var second: UInt64

  init(
    _ algorithm: Meter.Algorithm, cir: UInt64, cbs: UInt64, rate: UInt64 = 0, size: UInt64,
    start: UInt64
  ) {
    self.algorithm = algorithm
    (self.cir, self.cbs, self.rate, self.size) = (cir, cbs, rate, size)
    (self.start, now, tc, second) = (start, start, cbs, size)
  }

  /// How many of so many tokens a second have come between the start and a time.
  private func ticks(_ perSecond: UInt64, until time: UInt64) -> UInt128 {
    UInt128(perSecond) * UInt128(time - start) / 1_000_000_000
  }

  private mutating func tick(to time: UInt64) {
    let committed = ticks(cir, until: time) - ticks(cir, until: now)
    let others = ticks(rate, until: time) - ticks(rate, until: now)
    // Once everything is full, more tokens change nothing.
    for _ in 0..<min(committed, UInt128(cbs + size)) {
      if tc < cbs {
        tc += 1
      } else if algorithm == .singleRate && second < size {
        second += 1
      }
    }
    if algorithm != .singleRate {
      for _ in 0..<min(others, UInt128(size)) where second < size { second += 1 }
    }
    now = time
  }

  mutating func color(_ bytes: UInt64, at time: UInt64, after color: MeterColor) -> MeterColor {
    tick(to: time)
    switch algorithm {
    case .singleRate, .twoRateInProfile:
      if color == .green, Int64(tc) - Int64(bytes) >= 0 {
        tc -= bytes
        return .green
      }
      if color != .red, Int64(second) - Int64(bytes) >= 0 {
        second -= bytes
        return .yellow
      }
      return .red
    case .twoRate:
      if color == .red || Int64(second) - Int64(bytes) < 0 { return .red }
      if color == .yellow || Int64(tc) - Int64(bytes) < 0 {
        second -= bytes
        return .yellow
      }
      second -= bytes
      tc -= bytes
      return .green
    }
  }
}
