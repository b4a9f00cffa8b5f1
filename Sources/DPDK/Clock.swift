// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
import Glibc

/// The processor's time stamp counter as nanoseconds, and as the time of day.
@frozen
public struct Clock: Sendable {
  /// Cycles of the time stamp counter in a second.
  public let frequency: UInt64
  /// The counter, and the time of day in nanoseconds since 1970, at one and the same moment.
  public let startCycles: UInt64
  public let startNanoseconds: UInt64
  // Nanoseconds in a cycle, and cycles in a nanosecond, as fixed point numbers.
  @usableFromInline let nanosecondScale: UInt64
  @usableFromInline let cycleScale: UInt64
  // Room for a counter of 62.5 kHz or more: a scale of 2^14 before the point.
  @usableFromInline static let scaleBits: UInt64 = 48

  /// A counter slower than 1 MHz, or faster than 16 GHz, is taken for one of that frequency.
  public init(frequency: UInt64, startCycles: UInt64, startNanoseconds: UInt64) {
    let frequency = min(max(frequency, 1_000_000), 16_000_000_000)
    self.frequency = frequency
    self.startCycles = startCycles
    self.startNanoseconds = startNanoseconds
    nanosecondScale = Self.scale(1_000_000_000, over: frequency)
    cycleScale = Self.scale(frequency, over: 1_000_000_000)
  }

  private static func scale(_ value: UInt64, over divisor: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 1 << scaleBits)
    return divisor.dividingFullWidth(product).quotient
  }

  /// The length of a number of cycles; what does not fit is the largest number there is.
  @inlinable
  public func nanoseconds(ofCycles cycles: UInt64) -> UInt64 {
    Self.multiply(cycles, nanosecondScale)
  }

  @inlinable
  public func cycles(ofNanoseconds nanoseconds: UInt64) -> UInt64 {
    Self.multiply(nanoseconds, cycleScale)
  }

  /// The time of day, in nanoseconds since 1970, at which the counter stood at `cycles`.
  @inlinable
  public func timeOfDay(atCycles cycles: UInt64) -> UInt64 {
    let elapsed = cycles >= startCycles ? cycles &- startCycles : 0
    return startNanoseconds &+ nanoseconds(ofCycles: elapsed)
  }

  @inlinable
  public static var cycles: UInt64 { cdpdk_cycles() }

  @usableFromInline
  static func multiply(_ value: UInt64, _ scale: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: scale)
    guard product.high >> scaleBits == 0 else { return .max }
    return product.high << (64 &- scaleBits) | product.low >> scaleBits
  }

  /// The processor time that the calling thread has used, in nanoseconds.
  public static var threadNanoseconds: UInt64 { nanoseconds(of: CLOCK_THREAD_CPUTIME_ID) }

  static func nanoseconds(of clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }
}

extension Clock {
  /// Measures the counter's frequency over the time that DPDK takes to start anyway: DPDK's own
  /// measurement is rounded to 10 MHz, which loses two seconds in ten minutes.
  struct Calibration {
    private let start = Reading(CLOCK_MONOTONIC_RAW)

    func clock() -> Clock {
      let end = Reading(CLOCK_MONOTONIC_RAW)
      let now = Reading(CLOCK_REALTIME)
      let (nanoseconds, behind) = end.nanoseconds.subtractingReportingOverflow(start.nanoseconds)
      let (cycles, backwards) = end.cycles.subtractingReportingOverflow(start.cycles)
      // Below 50 ms the two readings' own error shows.
      let measurable = !behind && !backwards && nanoseconds > 50_000_000
      let product = cycles.multipliedFullWidth(by: 1_000_000_000)
      let frequency =
        measurable && product.high < nanoseconds
        ? nanoseconds.dividingFullWidth(product).quotient : cdpdk_tsc_frequency()
      return Clock(
        frequency: frequency, startCycles: now.cycles, startNanoseconds: now.nanoseconds)
    }
  }

  /// A clock and the counter read together: the best of some attempts, as any may be interrupted.
  private struct Reading {
    var cycles: UInt64 = 0
    var nanoseconds: UInt64 = 0

    init(_ clock: clockid_t) {
      var narrowest = UInt64.max
      for _ in 0..<8 {
        let before = cdpdk_cycles()
        let time = Clock.nanoseconds(of: clock)
        let width = cdpdk_cycles() &- before
        guard width < narrowest else { continue }
        narrowest = width
        (cycles, nanoseconds) = (before &+ width / 2, time)
      }
    }
  }
}
