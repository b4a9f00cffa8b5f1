// SPDX-License-Identifier: BSD-3-Clause
import Congestion
import Testing

/// Random traffic through a reaction point, beside one whose timers run.
@Suite("Reaction point beside running timers") struct ReactionPointOracleTests {
  static let line: UInt64 = 400_000_000_000

  enum Event {
    case notification, packet(UInt32), look
  }

  static func parameters(_ number: Int) -> ReactionPointParameters {
    switch number {
    case 0: return .paper(lineRate: line)
    case 1: return .nvidia(lineRate: line)
    case 2: return .hpcc(lineRate: line)
    default: break
    }
    var odd = ReactionPointParameters.nvidia(lineRate: line)
    odd.scalesHyperIncrement = true
    odd.incrementTime = 7_001
    odd.incrementBytes = 100_000
    odd.threshold = 3
    odd.alphaUpdatePeriod = 1_333
    odd.rateReductionPeriod = 3_777
    odd.gain = RateFraction(of1024: 64)
    odd.prepare()
    return odd
  }

  /// Bursts of notifications, packets between them, and silences of up to 40 ms.
  static func traffic(seed: UInt64) -> [(time: UInt64, event: Event)] {
    var generator = SeededGenerator(seed: seed)
    var time: UInt64 = 1_000
    return (0..<4_000).map { number in
      let kind = UInt64.random(in: 0..<100, using: &generator)
      let longest: UInt64 =
        number % 1000 == 0 ? 40_000_000 : number % 100 == 0 ? 2_000_000 : 9_000
      time += UInt64.random(in: 0...longest, using: &generator)
      switch kind {
      case 0..<20: return (time, .notification)
      case 20..<80: return (time, .packet(UInt32.random(in: 64...9000, using: &generator)))
      default: return (time, .look)
      }
    }
  }

  @Test(arguments: 0..<4, [1, 2, 3] as [UInt64])
  func ratesAreThoseOfTimersThatRun(preset: Int, seed: UInt64) {
    let parameters = Self.parameters(preset).placed
    var point = ReactionPoint(lineRate: Self.line)
    var timers = RunningTimers(parameters.pointee)
    var reductions = 0
    for (time, event) in Self.traffic(seed: seed) {
      reductions += point.advance(to: time, parameters) ? 1 : 0
      timers.run(to: time)
      switch event {
      case .notification:
        reductions += point.notify(at: time, parameters) ? 1 : 0
        timers.notify(at: time)
      case .packet(let bytes):
        point.send(bytes, parameters)
        timers.send(bytes, at: time)
      case .look: break
      }
      let error = abs(Double(point.rate) - timers.rate) / timers.rate
      guard error < 1e-5 else {
        Issue.record("at \(time): \(point.rate), not \(timers.rate)")
        return
      }
    }
    #expect(reductions == timers.reductions)
    #expect(reductions > 100)
  }

  @Test(arguments: 0..<4, [4, 5] as [UInt64])
  func stateDoesNotDependOnWhenItWasLookedAt(preset: Int, seed: UInt64) {
    let parameters = Self.parameters(preset).placed
    var often = ReactionPoint(lineRate: Self.line)
    var rarely = often
    var last: UInt64 = 0
    for (time, event) in Self.traffic(seed: seed) {
      // Looked at in many places between, or not at all.
      for part: UInt64 in 1...4 {
        often.advance(to: last + (time - last) * part / 4, parameters)
        _ = often.alpha(at: last + (time - last) * part / 4, parameters)
      }
      last = time
      switch event {
      case .notification:
        often.notify(at: time, parameters)
        rarely.notify(at: time, parameters)
      case .packet(let bytes):
        often.send(bytes, parameters)
        rarely.advance(to: time, parameters)
        rarely.send(bytes, parameters)
      case .look:
        var copy = rarely
        copy.advance(to: time, parameters)
        let isSame =
          copy.rate == often.rate && copy.targetRate == often.targetRate
          && copy.alpha(at: time, parameters) == often.alpha(at: time, parameters)
        guard isSame else {
          Issue.record("at \(time): \(copy), not \(often)")
          return
        }
      }
    }
  }

  @Test func timeThatGoesBackChangesNothing() {
    let parameters = ReactionPointParameters.nvidia(lineRate: Self.line).placed
    var point = ReactionPoint(lineRate: Self.line)
    point.notify(at: 10_000_000, parameters)
    point.advance(to: 11_000_000, parameters)
    let rate = point.rate
    point.advance(to: 5_000, parameters)
    #expect(point.rate == rate)
    point.notify(at: 6_000, parameters)
    point.send(1000, parameters)
    point.advance(to: 11_000_000, parameters)
    #expect(point.rate <= rate)
  }
}
