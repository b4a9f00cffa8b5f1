// SPDX-License-Identifier: BSD-3-Clause

/// What the reaction points of an adapter are set to. The names are those of the Open Traffic
/// Generator's DCQCN settings; rates are in bits per second, times in nanoseconds.
@frozen
public struct ReactionPointParameters: BitwiseCopyable, Sendable {
  /// When alpha changes and the rate falls.
  @frozen
  public enum Feedback: Sendable, BitwiseCopyable {
    /// As in the paper (SIGCOMM 2015, section 5): with each notification; alpha also falls after
    /// each update period without one.
    case perNotification
    /// As adapters have it: alpha moves at the end of each update period, up if a notification came
    /// in it; the rate falls at the end of a rate reduction period in which one came.
    case perPeriod
  }

  public var feedback: Feedback
  public var lineRate: UInt64
  /// g: how much of alpha one update replaces.
  public var gain: RateFraction
  public var initialAlpha: RateFraction
  public var alphaUpdatePeriod: UInt64
  /// Of `perPeriod` only.
  public var rateReductionPeriod: UInt64
  /// What the first notification sets the rate to; nil to leave it.
  public var initialRate: UInt64?
  public var minimumRate: UInt64
  /// No step takes more of the rate than this.
  public var maximumDecrement: RateFraction
  /// A step takes alpha divided by two to this power: 0 or 1.
  public var decrementShift: UInt32
  /// Whether each step makes the old rate the target.
  public var clampsTargetRate: Bool
  /// Whether a step does so when the timer has raised the rate since the step before.
  public var clampsAfterTimeIncrement: Bool
  /// T: how long after a step, or the last increase by time, the rate rises.
  public var incrementTime: UInt64
  /// B: after how many bytes it rises; nil where bytes are not counted.
  public var incrementBytes: UInt64?
  /// F: how many increases only halve the way to the target.
  public var threshold: UInt32
  public var additiveIncrement: UInt64
  public var hyperIncrement: UInt64
  /// Whether the n-th hyper increase adds n times its rate, as QCN does (IEEE 802.1Qau, 30.5).
  public var scalesHyperIncrement: Bool
  /// The powers of 1 - g.
  @usableFromInline var decay: RatePowers

  /// The paper's values; those that it does not give are of its authors' simulator and, the lowest
  /// rate, of HPCC's.
  public static func paper(lineRate: UInt64) -> Self {
    Self(
      feedback: .perNotification, lineRate: lineRate, gain: RateFraction(of1024: 4),
      initialAlpha: .one, alphaUpdatePeriod: 55_000, rateReductionPeriod: 0, initialRate: nil,
      minimumRate: 100_000_000, maximumDecrement: .one, decrementShift: 1,
      clampsTargetRate: true, clampsAfterTimeIncrement: true, incrementTime: 55_000,
      incrementBytes: 10_000_000, threshold: 5, additiveIncrement: 40_000_000,
      hyperIncrement: 200_000_000, scalesHyperIncrement: true)
  }

  /// What the firmware of NVIDIA's adapters is set to when it is delivered.
  public static func nvidia(lineRate: UInt64) -> Self {
    Self(
      feedback: .perPeriod, lineRate: lineRate, gain: RateFraction(of1024: 5),
      initialAlpha: RateFraction(of1024: 1023), alphaUpdatePeriod: 1000,
      rateReductionPeriod: 4000, initialRate: nil, minimumRate: 1_000_000,
      maximumDecrement: RateFraction(of1024: 512), decrementShift: 1, clampsTargetRate: false,
      clampsAfterTimeIncrement: true, incrementTime: 300_000, incrementBytes: 32767 * 64,
      threshold: 1, additiveIncrement: 5_000_000, hyperIncrement: 50_000_000,
      scalesHyperIncrement: false)
  }

  /// The adapter in the simulator of HPCC (SIGCOMM 2019), with the values that it is shipped with.
  public static func hpcc(lineRate: UInt64) -> Self {
    Self(
      feedback: .perPeriod, lineRate: lineRate, gain: RateFraction(of1024: 4),
      initialAlpha: .one, alphaUpdatePeriod: 1000, rateReductionPeriod: 4000, initialRate: nil,
      minimumRate: 100_000_000, maximumDecrement: .one, decrementShift: 1,
      clampsTargetRate: false, clampsAfterTimeIncrement: true, incrementTime: 900_000,
      incrementBytes: nil, threshold: 1, additiveIncrement: 50_000_000,
      hyperIncrement: 100_000_000, scalesHyperIncrement: false)
  }

  private init(
    feedback: Feedback, lineRate: UInt64, gain: RateFraction, initialAlpha: RateFraction,
    alphaUpdatePeriod: UInt64, rateReductionPeriod: UInt64, initialRate: UInt64?,
    minimumRate: UInt64, maximumDecrement: RateFraction, decrementShift: UInt32,
    clampsTargetRate: Bool, clampsAfterTimeIncrement: Bool, incrementTime: UInt64,
    incrementBytes: UInt64?, threshold: UInt32, additiveIncrement: UInt64,
    hyperIncrement: UInt64, scalesHyperIncrement: Bool
  ) {
    self.feedback = feedback
    self.lineRate = lineRate
    self.gain = gain
    self.initialAlpha = initialAlpha
    self.alphaUpdatePeriod = alphaUpdatePeriod
    self.rateReductionPeriod = rateReductionPeriod
    self.initialRate = initialRate
    self.minimumRate = minimumRate
    self.maximumDecrement = maximumDecrement
    self.decrementShift = decrementShift
    self.clampsTargetRate = clampsTargetRate
    self.clampsAfterTimeIncrement = clampsAfterTimeIncrement
    self.incrementTime = incrementTime
    self.incrementBytes = incrementBytes
    self.threshold = threshold
    self.additiveIncrement = additiveIncrement
    self.hyperIncrement = hyperIncrement
    self.scalesHyperIncrement = scalesHyperIncrement
    decay = RatePowers(of: gain.complement)
  }

  /// To be called when `gain` was set.
  public mutating func prepare() { decay = RatePowers(of: gain.complement) }
}
