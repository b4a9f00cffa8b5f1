// SPDX-License-Identifier: BSD-3-Clause
import Congestion
import Testing

@Suite("Buckets over all of time") struct LongTimeTests {
  private static let day: UInt64 = 86_400_000_000_000
  /// 1 kbit/s to 100 Tbit/s, in bytes.
  private static let rates: [UInt64] = [125, 999_983, 12_500_000_000, 100_000_000_000, 1 << 43]

  @Test(arguments: rates)
  func tokensOfManyStepsAreThoseOfOne(rate: UInt64) {
    var traffic = Traffic(seed: rate, start: 0, largest: 1, bytesPerSecond: 1)
    let one = TokenRate(perSecond: rate)
    var fraction: UInt32 = 0
    var elapsed: UInt64 = 0
    var tokens: UInt128 = 0
    for step in 0..<20_000 {
      // From nanoseconds to minutes.
      let time = traffic.random(below: 1 << UInt64(step % 36))
      elapsed += time
      tokens += UInt128(one.tokens(in: time, &fraction))
    }
    let exact = UInt128(rate) * UInt128(elapsed)
    #expect(tokens == exact / 1_000_000_000)
    #expect(UInt128(fraction) == exact % 1_000_000_000)
  }

  @Test(arguments: rates)
  func daysOfSilenceFillTheBucketsAndNoMore(rate: UInt64) {
    let meter = Meter(
      .twoRate, committedRate: rate, committedSize: 1_000_000, secondRate: rate,
      secondSize: 2_000_000)
    for days: UInt64 in [1, 30, 400, 36_500] {
      var buckets = meter.full
      #expect(meter.color(1_000_000, at: 5, &buckets) == .green)
      #expect(meter.color(1_000_000, at: 5, &buckets) == .yellow)
      #expect(meter.color(1, at: 5 + days * Self.day, &buckets) == .green)
      // 125 bytes a second are 10.8 MB a day.
      #expect(buckets.committed == 999_999)
      #expect(buckets.second == 1_999_999)
    }
  }

  @Test(arguments: rates)
  func theEndOfTimeIsReachedWithoutATrap(rate: UInt64) {
    let meter = Meter(.singleRate, committedRate: rate, committedSize: .max, secondSize: .max)
    var buckets = meter.full
    #expect(meter.color(1500, at: 0, &buckets) == .green)
    #expect(meter.color(1500, at: .max - 1, &buckets) == .green)
    #expect(meter.color(1500, at: .max, &buckets) == .green)
    #expect(buckets.committed <= meter.committedSize)
    #expect(buckets.second <= meter.secondSize)
  }

  @Test func timeThatGoesBackwardsBringsNoTokens() {
    let meter = Meter(rate: 1_000_000_000, burst: 1000)
    var buckets = meter.full
    #expect(meter.color(1000, at: 1_000_000, &buckets) == .green)
    // Two captures whose clocks are 400 ns apart, merged: 1 byte a nanosecond, once.
    var passed: UInt64 = 0
    for step: UInt64 in 1...1000 {
      let time = 1_000_000 + step - (step % 2 == 0 ? 0 : 400)
      if meter.color(1, at: time, &buckets) == .green { passed += 1 }
    }
    #expect(passed <= 1000)
    #expect(buckets.committed + passed == 1000)
  }

  @Test(arguments: [0, 1 << 40, .max - 1] as [UInt64])
  func bucketsBeginFullAtAnyTime(start: UInt64) {
    let meter = Meter(rate: 125, burst: 1000)
    var buckets = meter.full
    #expect(meter.color(1000, at: start, &buckets) == .green)
    #expect(meter.color(1, at: start, &buckets) == .red)
  }

  @Test func aRateOfNothingLetsTheBurstPassOnce() {
    let meter = Meter(.singleRate, committedRate: 0, committedSize: 100, secondSize: 50)
    var buckets = meter.full
    #expect(meter.color(100, at: 1, &buckets) == .green)
    #expect(meter.color(50, at: 1 + 400 * Self.day, &buckets) == .yellow)
    #expect(meter.color(1, at: 1 + 800 * Self.day, &buckets) == .red)
  }
}
