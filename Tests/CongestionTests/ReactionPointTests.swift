// SPDX-License-Identifier: BSD-3-Clause
import Congestion
import Testing

/// Rates worked out from the formulas, in Gbit/s and microseconds; a few bits per second may be
/// rounded off.
@Suite("Reaction point by hand") struct ReactionPointTests {
  static let line: UInt64 = 100_000_000_000

  /// A limiter with its parameters, in the units of the traces.
  struct Sender {
    var point: ReactionPoint
    let parameters: UnsafePointer<ReactionPointParameters>

    init(_ parameters: ReactionPointParameters) {
      self.parameters = parameters.placed
      point = ReactionPoint(lineRate: parameters.lineRate)
    }

    mutating func notify(_ microseconds: Double) {
      point.notify(at: UInt64(microseconds * 1000), parameters)
    }

    mutating func send(_ bytes: UInt32, _ microseconds: Double) {
      point.advance(to: UInt64(microseconds * 1000), parameters)
      point.send(bytes, parameters)
    }

    func rate(_ microseconds: Double) -> Double { at(microseconds).0 }

    /// The rate and its target.
    func at(_ microseconds: Double) -> (Double, Double) {
      var copy = point
      copy.advance(to: UInt64((microseconds * 1000).rounded()), parameters)
      return (Double(copy.rate) / 1e9, Double(copy.targetRate) / 1e9)
    }
  }

  /// Whether two rates differ by less than a kilobit per second.
  func near(_ one: Double, _ other: Double) -> Bool { abs(one - other) < 1e-6 }

  @Test func paperHalvesTheRateWhileAlphaIsOne() {
    var sender = Sender(.paper(lineRate: Self.line))
    var expected = 100.0
    for number in 0..<6 {
      sender.notify(Double(number) * 50)
      // Notifications come faster than alpha's timer: alpha = (1 - g) * 1 + g = 1.
      #expect(sender.at(Double(number) * 50) == (expected / 2, expected))
      expected /= 2
    }
  }

  @Test func paperRecoversInFiveHalvingsThenAdds() {
    var sender = Sender(.paper(lineRate: Self.line))
    sender.notify(0)
    sender.notify(50)
    // Rt 50, Rc 25 at 50 us; the timer ends each 55 us.
    var rate = 25.0
    for number in 1...5 {
      let time = 50 + 55 * Double(number)
      #expect(near(sender.rate(time - 0.001), rate), "before increase \(number)")
      rate = (rate + 50) / 2
      #expect(near(sender.rate(time), rate), "increase \(number)")
    }
    var target = 50.0
    for number in 6...40 {
      target += 0.04
      rate = (rate + target) / 2
      let (found, aim) = sender.at(50 + 55 * Double(number))
      #expect(near(found, rate) && near(aim, target), "increase \(number)")
    }
  }

  @Test func paperReducesLessAsAlphaDecays() {
    var sender = Sender(.paper(lineRate: Self.line))
    sender.notify(0)
    // Alpha's timer has ended six times by 330 us, and five halvings and one addition have come.
    var (rate, target) = (50.0, 100.0)
    for _ in 0..<5 { rate = (rate + target) / 2 }
    target = min(target + 0.04, 100)
    rate = (rate + target) / 2
    var alpha = 1.0
    for _ in 0..<6 { alpha *= 255.0 / 256 }
    sender.notify(331)
    #expect(near(sender.at(331).1, rate))
    #expect(near(sender.rate(331), rate * (1 - alpha / 2)))
    rate *= 1 - alpha / 2
    // Then alpha = (1 - g) alpha + g, and decays from there.
    alpha = alpha * 255 / 256 + 1.0 / 256
    sender.notify(332)
    #expect(near(sender.rate(332), rate * (1 - alpha / 2)))
  }

  @Test func paperCountsBytesAndGoesHyper() {
    var sender = Sender(.paper(lineRate: Self.line))
    for number in 0..<5 { sender.notify(Double(number)) }
    // 100 / 2^5, target 100 / 2^4.
    var (rate, target) = (3.125, 6.25)
    for step in 0..<6 {
      // Ten megabytes, then the timer at 4 + 55 us: both count.
      sender.send(10_000_000, 4 + 55 * Double(step))
      if max(step, step) >= 5 { target += 0.04 }
      rate = (rate + target) / 2
      #expect(near(sender.rate(4 + 55 * Double(step)), rate), "bytes \(step)")
      // Before this increase t is `step` and b is one more.
      if step + 1 >= 5 { target += 0.04 }
      rate = (rate + target) / 2
      #expect(near(sender.rate(4 + 55 * Double(step + 1)), rate), "time \(step)")
    }
    // Now t = b = 6 > F: hyper increase number 1; then min(t, b) stays 6.
    target += 0.2
    rate = (rate + target) / 2
    sender.send(10_000_000, 4 + 55 * 6)
    #expect(near(sender.rate(4 + 55 * 6), rate))
    target += 0.2
    rate = (rate + target) / 2
    #expect(near(sender.rate(4 + 55 * 7), rate))
    // t = b = 7: number 2 adds twice as much.
    target += 0.4
    rate = (rate + target) / 2
    sender.send(10_000_000, 4 + 55 * 7)
    #expect(near(sender.rate(4 + 55 * 7), rate))
  }

  @Test func nvidiaReducesAtTheEndOfThePeriod() {
    var sender = Sender(.nvidia(lineRate: Self.line))
    sender.notify(0)
    #expect(sender.rate(4) == 100)
    // Four ends of alpha's periods of 1 us, none of them with a notification.
    var alpha = 1023.0 / 1024
    for _ in 0..<4 { alpha *= 1019.0 / 1024 }
    var rate = 100 * (1 - alpha / 2)
    #expect(near(sender.rate(4.001), rate))
    sender.notify(10)
    #expect(near(sender.rate(12), rate))
    // 5 to 10 without one, 11 with the one at 10, 12 without.
    for _ in 5...10 { alpha *= 1019.0 / 1024 }
    alpha = alpha * 1019 / 1024 + 5.0 / 1024
    alpha *= 1019.0 / 1024
    rate *= 1 - alpha / 2
    #expect(near(sender.rate(12.001), rate))
    // Nothing has raised the rate between: the target is still the line's.
    #expect(sender.at(12.001).1 == 100)
    // 300 us after the reduction half the way, 300 us later 5 Mbit/s more; capped by the line.
    rate = (rate + 100) / 2
    #expect(near(sender.rate(312.001), rate))
    rate = (rate + 100) / 2
    #expect(near(sender.rate(612.001), rate))
  }

  @Test func nvidiaTakesHalfAtMostAndRaisesByBytes() {
    var parameters = ReactionPointParameters.nvidia(lineRate: Self.line)
    parameters.decrementShift = 0
    parameters.alphaUpdatePeriod = 1_000_000
    var sender = Sender(parameters)
    sender.notify(0)
    // Alpha 1023/1024 would take nearly all.
    #expect(sender.at(4.001) == (50, 100))
    // 32767 units of 64 bytes.
    sender.send(32767 * 64 - 1, 5)
    #expect(sender.rate(5) == 50)
    sender.send(1, 6)
    #expect(sender.rate(6) == 75)
    // Bytes have raised the rate: the next reduction makes it the target.
    sender.notify(7)
    #expect(sender.at(8.001) == (37.5, 75))
  }

  @Test func hpccGoesFromHalvingToAddingToHyper() {
    var sender = Sender(.hpcc(lineRate: Self.line))
    // Notifications in each period of 4 us, until the rate is the lowest.
    for number in 0..<40 { sender.notify(Double(number) * 4) }
    #expect(sender.at(160.001).0 == 0.1)
    // No increase between reductions: the target is the line's as before. Bring it down: one
    // increase by time, then a reduction.
    sender.notify(1061)
    let (rate, target) = sender.at(1064.001)
    #expect(near(target, (0.1 + 100) / 2))
    var expected = rate
    var aim = target
    let steps = [0, 0.05, 0.1, 0.1, 0.1]
    for (number, step) in steps.enumerated() {
      aim += step
      expected = (expected + aim) / 2
      #expect(near(sender.rate(1064.001 + 900 * Double(number + 1)), expected), "step \(number)")
    }
  }

  @Test func firstNotificationMaySetTheRate() {
    var parameters = ReactionPointParameters.nvidia(lineRate: Self.line)
    parameters.initialRate = 10_000_000_000
    var sender = Sender(parameters)
    sender.notify(3)
    #expect(sender.at(3) == (10, 10))
  }

  @Test func clampingMakesTheOldRateTheTarget() {
    var parameters = ReactionPointParameters.hpcc(lineRate: Self.line)
    parameters.clampsTargetRate = true
    var sender = Sender(parameters)
    sender.notify(0)
    sender.notify(5)
    let before = sender.rate(7)
    #expect(sender.at(8.001).1 == before)
  }

  @Test(arguments: [0, 1, 2])
  func aLimiterThatIsBackAtLineRateHasRecovered(preset: Int) {
    let parameters = [
      ReactionPointParameters.paper(lineRate: Self.line), .nvidia(lineRate: Self.line),
      .hpcc(lineRate: Self.line),
    ][preset].placed
    var point = ReactionPoint(lineRate: Self.line)
    #expect(point.hasRecovered(parameters))
    point.notify(at: 1000, parameters)
    #expect(!point.hasRecovered(parameters))
    point.advance(to: 100_000, parameters)
    #expect(!point.hasRecovered(parameters))
    point.advance(to: 10_000_000_000, parameters)
    #expect(point.hasRecovered(parameters))
    #expect(point.rate == Self.line)
  }

  @Test func stateFillsOneCacheLine() {
    #expect(MemoryLayout<ReactionPoint>.stride <= 64)
  }
}
