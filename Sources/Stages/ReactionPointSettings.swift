// SPDX-License-Identifier: BSD-3-Clause
import Congestion
import Settings

/// What can be set of a reaction point, by the names of the Open Traffic Generator.
enum ReactionPointSettings {
  enum Preset: String, CaseIterable, Sendable {
    case paper, nvidia, hpcc
  }

  static let preset: Setting<Preset> = .choice(
    "preset", default: .nvidia,
    "Where all that is not set comes from: the paper, NVIDIA's adapters, or the simulator of HPCC")
  static let rate: Setting<Double> = .bitRate(
    "rate", in: 1e6...10e12, "The rate of the line: a queue pair that has it is not limited")
  static let alphaG: Setting<Int?> = .integer(
    "alpha-g", in: 1...1023,
    "What an update leaves of alpha, in 1024ths: 1019 makes g 5/1024 (DCE_TCP_G)")
  static let initialAlpha: Setting<Int?> = .integer(
    "initial-alpha", in: 1...1024,
    "Alpha at the first notification, in 1024ths (INITIAL_ALPHA_VALUE)")
  static let alphaUpdatePeriod: Setting<UInt64?> = .duration(
    "alpha-update-period", in: 100e-9...1, "How often alpha is updated (DCE_TCP_RTT)")
  static let reductionPeriod: Setting<UInt64?> = .duration(
    "rate-reduction-time-period", in: 100e-9...1,
    "How often the rate may be reduced (RATE_REDUCE_MONITOR_PERIOD); not of preset paper, which"
      + " reduces it at each notification")
  static let initialRate: Setting<Double?> = .bitRate(
    "initial-rate-after-first-cnp", in: 1e3...10e12,
    "The rate that the first notification sets, if any (RATE_TO_SET_ON_FIRST_CNP)")
  static let minimumRate: Setting<Double?> = .bitRate(
    "minimum-rate-limit", in: 1e3...10e12, "The lowest rate (RPG_MIN_RATE)")
  static let maximumDecrement: Setting<Double?> = .share(
    "maximum-rate-decrement", in: 0.001...1,
    "The most that one reduction takes of the rate (RPG_MIN_DEC_FAC)")
  static let decrementCoefficient: Setting<Int?> = .integer(
    "rate-decrement-coefficient", in: 10...11,
    "What one reduction takes: alpha of the rate with 10, half of it with 11 (RPG_GD)")
  static let clampTarget: Setting<Bool?> = .boolean(
    "clamp-target-rate",
    "Whether each reduction makes the rate before it the target (CLAMP_TGT_RATE)")
  static let clampAfterTime: Setting<Bool?> = .boolean(
    "clamp-target-rate-after-time-increment",
    "Whether it does so when the timer has raised the rate since the last one"
      + " (CLAMP_TGT_RATE_AFTER_TIME_INC)")
  static let incrementTime: Setting<UInt64?> = .duration(
    "rate-increment-time", in: 1e-6...10,
    "How often the rate rises after a reduction (RPG_TIME_RESET)")
  static let incrementBytes: Setting<Int?> = .size(
    "rate-increment-byte-counter", in: 0...4e9,
    "After how many bytes it rises as well; 0B for never (RPG_BYTE_RESET, in units of 64 bytes)")
  static let threshold: Setting<Int?> = .integer(
    "rate-increment-threshold", in: 1...31,
    "How many times it only rises half the way back (RPG_THRESHOLD)")
  static let additiveIncrement: Setting<Double?> = .bitRate(
    "additive-increment-rate", in: 1e3...1e12, "What then is added each time (RPG_AI_RATE)")
  static let hyperIncrement: Setting<Double?> = .bitRate(
    "hyper-increment-rate", in: 1e3...1e12, "What is added after that (RPG_HAI_RATE)")

  static var all: [any SettingDeclaration] {
    [
      rate, preset, alphaG, initialAlpha, alphaUpdatePeriod, reductionPeriod, initialRate,
      minimumRate, maximumDecrement, decrementCoefficient, clampTarget, clampAfterTime,
      incrementTime, incrementBytes, threshold, additiveIncrement, hyperIncrement,
    ]
  }

  static func parameters(
    _ settings: SettingValues
  ) throws(SettingsError) -> ReactionPointParameters {
    let line = UInt64(settings[rate].rounded())
    var parameters =
      switch settings[preset] {
      case .paper: ReactionPointParameters.paper(lineRate: line)
      case .nvidia: ReactionPointParameters.nvidia(lineRate: line)
      case .hpcc: ReactionPointParameters.hpcc(lineRate: line)
      }
    readAlpha(settings, &parameters)
    try readReduction(settings, &parameters)
    try readIncrease(settings, &parameters)
    return parameters
  }

  private static func readAlpha(
    _ settings: SettingValues, _ parameters: inout ReactionPointParameters
  ) {
    if let kept = settings[alphaG] {
      parameters.gain = RateFraction(of1024: UInt32(1024 - kept))
      parameters.prepare()
    }
    if let initial = settings[initialAlpha] {
      parameters.initialAlpha = RateFraction(of1024: UInt32(initial))
    }
    parameters.alphaUpdatePeriod =
      settings[alphaUpdatePeriod] ?? parameters.alphaUpdatePeriod
  }

  private static func readReduction(
    _ settings: SettingValues, _ parameters: inout ReactionPointParameters
  ) throws(SettingsError) {
    if let period = settings[reductionPeriod] {
      guard parameters.feedback == .perPeriod else {
        throw settings.error(
          reductionPeriod, "preset paper reduces the rate at each notification, not by a period",
          fix: "use preset: nvidia, or leave it out")
      }
      parameters.rateReductionPeriod = period
    }
    if let lowest = settings[minimumRate] { parameters.minimumRate = UInt64(lowest.rounded()) }
    guard parameters.minimumRate <= parameters.lineRate else {
      throw settings.error(
        minimumRate,
        "the lowest rate, \(parameters.minimumRate / 1_000_000) Mbit/s, is above the line's",
        fix: "set a lower 'minimum-rate-limit'")
    }
    if let initial = settings[initialRate] {
      let initial = UInt64(initial.rounded())
      guard initial <= parameters.lineRate, initial >= parameters.minimumRate else {
        throw settings.error(
          initialRate, "the first rate must be between the lowest and the line's")
      }
      parameters.initialRate = initial
    }
    if let most = settings[maximumDecrement] {
      parameters.maximumDecrement = RateFraction(units: UInt32((most * 0x1p30).rounded()))
    }
    if let coefficient = settings[decrementCoefficient] {
      parameters.decrementShift = UInt32(coefficient - 10)
    }
    parameters.clampsTargetRate = settings[clampTarget] ?? parameters.clampsTargetRate
    parameters.clampsAfterTimeIncrement =
      settings[clampAfterTime] ?? parameters.clampsAfterTimeIncrement
  }

  private static func readIncrease(
    _ settings: SettingValues, _ parameters: inout ReactionPointParameters
  ) throws(SettingsError) {
    parameters.incrementTime = settings[incrementTime] ?? parameters.incrementTime
    if let bytes = settings[incrementBytes] {
      guard bytes == 0 || bytes >= 1000 else {
        throw settings.error(
          incrementBytes, "fewer than 1000 bytes are less than a packet",
          fix: "write 0B to count no bytes")
      }
      parameters.incrementBytes = bytes == 0 ? nil : UInt64(bytes)
    }
    if let threshold = settings[threshold] { parameters.threshold = UInt32(threshold) }
    if let rate = settings[additiveIncrement] {
      parameters.additiveIncrement = UInt64(rate.rounded())
    }
    if let rate = settings[hyperIncrement] { parameters.hyperIncrement = UInt64(rate.rounded()) }
  }
}
