// SPDX-License-Identifier: BSD-3-Clause
import Congestion

/// A reaction point as simulators have it: timers that end one after the other, and floating point.
struct RunningTimers {
  let parameters: ReactionPointParameters
  private(set) var rate: Double
  private(set) var target: Double
  private(set) var reductions = 0
  private var alpha = 0.0
  private var isLimited = false
  private var alphaWasNotified = false
  private var rateWasNotified = false
  private var bytes = 0.0
  private var stages = (time: 0, bytes: 0)
  private var alphaEnds = UInt64.max
  private var reductionEnds = UInt64.max
  private var increaseEnds = UInt64.max

  init(_ parameters: ReactionPointParameters) {
    self.parameters = parameters
    rate = Double(parameters.lineRate)
    target = rate
  }

  private var gain: Double { Double(parameters.gain.units) / Double(1 << 30) }

  mutating func run(to now: UInt64) {
    while true {
      let next = min(alphaEnds, increaseEnds, reductionEnds)
      guard next <= now else { return }
      // Alpha first, then increases, then reductions.
      if next == alphaEnds {
        alpha = (1 - gain) * alpha + (alphaWasNotified ? gain : 0)
        alphaWasNotified = false
        alphaEnds += parameters.alphaUpdatePeriod
      } else if next == increaseEnds {
        raise()
        stages.time += 1
        increaseEnds += parameters.incrementTime
      } else {
        if rateWasNotified { reduce(at: next) }
        rateWasNotified = false
        reductionEnds += parameters.rateReductionPeriod
      }
    }
  }

  mutating func notify(at now: UInt64) {
    run(to: now)
    let isFirst = !isLimited
    isLimited = true
    if isFirst {
      alpha = Double(parameters.initialAlpha.units) / Double(1 << 30)
      alphaEnds = now + parameters.alphaUpdatePeriod
    }
    if parameters.feedback == .perNotification {
      reduce(at: now)
      alpha = (1 - gain) * alpha + gain
      alphaEnds = now + parameters.alphaUpdatePeriod
      return
    }
    if isFirst { reductionEnds = now + parameters.rateReductionPeriod + 1 }
    alphaWasNotified = !isFirst
    rateWasNotified = true
  }

  mutating func send(_ count: UInt32, at now: UInt64) {
    run(to: now)
    guard let limit = parameters.incrementBytes, increaseEnds != .max else { return }
    bytes += Double(count)
    while bytes >= Double(limit) {
      bytes -= Double(limit)
      raise()
      stages.bytes += 1
    }
  }

  private mutating func reduce(at now: UInt64) {
    let isRaised = stages.bytes > 0 || (parameters.clampsAfterTimeIncrement && stages.time > 0)
    if parameters.clampsTargetRate || isRaised { target = rate }
    let share = min(
      alpha / Double(1 << Int(parameters.decrementShift)),
      Double(parameters.maximumDecrement.units) / Double(1 << 30))
    rate = max(rate * (1 - share), Double(parameters.minimumRate))
    reductions += 1
    stages = (0, 0)
    bytes = 0
    increaseEnds = now + parameters.incrementTime
  }

  private mutating func raise() {
    let least = parameters.incrementBytes == nil ? stages.time : min(stages.time, stages.bytes)
    let threshold = Int(parameters.threshold)
    if max(stages.time, stages.bytes) < threshold {
    } else if least > threshold {
      let factor = parameters.scalesHyperIncrement ? least - threshold : 1
      target += Double(factor) * Double(parameters.hyperIncrement)
    } else {
      target += Double(parameters.additiveIncrement)
    }
    target = min(target, Double(parameters.lineRate))
    rate = rate / 2 + target / 2
  }
}

extension ReactionPointParameters {
  /// These in memory of their own, for as long as the tests run.
  var placed: UnsafePointer<ReactionPointParameters> {
    let place = UnsafeMutablePointer<ReactionPointParameters>.allocate(capacity: 1)
    place.initialize(to: self)
    return UnsafePointer(place)
  }
}
