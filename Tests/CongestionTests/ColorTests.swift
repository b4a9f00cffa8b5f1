// SPDX-License-Identifier: BSD-3-Clause
import Congestion
import Testing

/// Sequences worked out by hand from section 3 of each RFC, with a token each millisecond.
@Suite("Colors by hand") struct ColorTests {
  struct Step {
    /// In milliseconds.
    let time: UInt64
    let bytes: UInt64
    let before: MeterColor
    let color: MeterColor
    /// Tc, and Te or Tp, after the packet.
    let left: (UInt64, UInt64)

    init(
      _ time: UInt64, _ bytes: UInt64, _ before: MeterColor, _ color: MeterColor,
      _ left: (UInt64, UInt64)
    ) {
      (self.time, self.bytes, self.before, self.color, self.left) =
        (time, bytes, before, color, left)
    }

    /// A packet for a color-blind meter.
    init(_ time: UInt64, _ bytes: UInt64, _ color: MeterColor, _ left: (UInt64, UInt64)) {
      self.init(time, bytes, .green, color, left)
    }
  }

  func check(_ meter: Meter, _ steps: [Step]) {
    var buckets = meter.full
    for (number, step) in steps.enumerated() {
      let color = meter.color(
        step.bytes, at: step.time * 1_000_000, after: step.before, &buckets)
      #expect(color == step.color, "packet \(number + 1)")
      #expect((buckets.committed, buckets.second) == step.left, "packet \(number + 1)")
    }
  }

  @Test func singleRateSpillsIntoTheExcessBucket() {
    check(
      Meter(.singleRate, committedRate: 1000, committedSize: 100, secondSize: 50),
      [
        Step(0, 60, .green, (40, 50)),
        // Too large for either bucket: red, and nothing is taken.
        Step(0, 60, .red, (40, 50)),
        Step(0, 45, .yellow, (40, 5)),
        Step(0, 40, .green, (0, 5)),
        Step(0, 5, .yellow, (0, 0)),
        Step(0, 1, .red, (0, 0)),
        // 100 tokens fill C, 20 more go into E.
        Step(120, 1, .green, (99, 20)),
        // E is full at 50; what comes after that is lost.
        Step(500, 101, .red, (100, 50)),
        Step(500, 100, .green, (0, 50)),
        Step(500, 50, .yellow, (0, 0)),
      ])
  }

  @Test func singleRateNeverMakesAColorBetter() {
    check(
      Meter(.singleRate, committedRate: 1000, committedSize: 100, secondSize: 50),
      [
        Step(0, 10, .yellow, .yellow, (100, 40)),
        Step(0, 10, .red, .red, (100, 40)),
        Step(0, 41, .yellow, .red, (100, 40)),
        Step(0, 100, .green, .green, (0, 40)),
        Step(0, 10, .green, .yellow, (0, 30)),
      ])
  }

  @Test func twoRateTakesGreenFromBothBuckets() {
    check(
      Meter(
        .twoRate, committedRate: 1000, committedSize: 100, secondRate: 2000, secondSize: 150),
      [
        Step(0, 60, .green, (40, 90)),
        Step(0, 60, .yellow, (40, 30)),
        Step(0, 31, .red, (40, 30)),
        Step(0, 30, .green, (10, 0)),
        // 10 ms: 10 tokens for C, 20 for P.
        Step(10, 20, .green, (0, 0)),
        Step(20, 11, .yellow, (10, 9)),
        // Both full again, and no more than that.
        Step(1000, 100, .green, (0, 50)),
        Step(1000, 50, .yellow, (0, 0)),
        Step(1000, 1, .red, (0, 0)),
      ])
  }

  @Test func twoRateNeverMakesAColorBetter() {
    check(
      Meter(
        .twoRate, committedRate: 1000, committedSize: 100, secondRate: 2000, secondSize: 150),
      [
        Step(0, 10, .red, .red, (100, 150)),
        Step(0, 10, .yellow, .yellow, (100, 140)),
        Step(0, 141, .yellow, .red, (100, 140)),
        Step(0, 100, .green, .green, (0, 40)),
        Step(0, 40, .green, .yellow, (0, 0)),
      ])
  }

  @Test func inProfileTrafficTakesNothingFromTheExcessBucket() {
    check(
      Meter(
        .twoRateInProfile, committedRate: 1000, committedSize: 100, secondRate: 500,
        secondSize: 50),
      [
        Step(0, 60, .green, (40, 50)),
        Step(0, 50, .yellow, (40, 0)),
        Step(0, 40, .green, (0, 0)),
        // 20 ms: 20 tokens for C, 10 for E. C does not spill.
        Step(20, 21, .red, (20, 10)),
        Step(20, 5, .yellow, .yellow, (20, 5)),
        Step(20, 5, .red, .red, (20, 5)),
        Step(1000, 100, .green, (0, 50)),
      ])
  }

  @Test func aPolicerHasNoYellow() {
    check(
      Meter(rate: 1000, burst: 100),
      [
        Step(0, 100, .green, (0, 0)), Step(99, 100, .red, (99, 0)),
        Step(100, 100, .green, (0, 0)), Step(5000, 1, .green, (99, 0)),
      ])
  }
}
