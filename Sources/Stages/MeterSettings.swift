// SPDX-License-Identifier: BSD-3-Clause
import Congestion
import Pipeline
import Settings

/// The rates and sizes of `meter`, under the names that the RFCs have for them.
enum MeterSettings {
  /// The algorithms.
  enum Kind: String, CaseIterable, Sendable {
    case srtcm, trtcm
    case rfc4115 = "trtcm-rfc4115"
  }

  static let kind: Setting<Kind> = .choice(
    "type", default: .srtcm,
    "The meter of RFC 2697 (srtcm), RFC 2698 (trtcm) or RFC 4115 (trtcm-rfc4115)")
  static let cir: Setting<Double> = .bitRate("cir", in: rates, "The committed information rate")
  static let cbs: Setting<Int> = .size("cbs", in: sizes, "The committed burst size")
  static let ebs: Setting<Int?> = .size(
    "ebs", in: sizes, "The excess burst size, of srtcm (0B when left out) and trtcm-rfc4115")
  static let eir: Setting<Double?> = .bitRate(
    "eir", in: rates, "The excess information rate, of trtcm-rfc4115")
  static let pir: Setting<Double?> = .bitRate(
    "pir", in: rates, "The peak information rate, of trtcm; not below cir")
  static let pbs: Setting<Int?> = .size("pbs", in: sizes, "The peak burst size, of trtcm")

  static var all: [any SettingDeclaration] { [kind, cir, cbs, ebs, eir, pir, pbs] }

  static var rates: ClosedRange<Double> { 0...100e12 }
  static var sizes: ClosedRange<Double> { 0...1e12 }

  /// The RFCs count rates in bytes per second.
  static func bytesPerSecond(_ bits: Double) -> UInt64 { UInt64((bits / 8).rounded()) }

  static func meter(
    _ settings: SettingValues, _ context: StageContext
  ) throws(SettingsError) -> Meter {
    try refuseStrangers(settings)
    let rate = bytesPerSecond(settings[cir])
    let size = UInt64(settings[cbs])
    switch settings[kind] {
    case .srtcm:
      // "At least one of them is larger than 0" (RFC 2697, section 2).
      let excess = UInt64(settings[ebs] ?? 0)
      guard size > 0 || excess > 0 else {
        throw settings.error(cbs, "a meter with neither cbs nor ebs finds every packet red")
      }
      warnOfSmall(settings, cbs, settings[cbs], context)
      return Meter(.singleRate, committedRate: rate, committedSize: size, secondSize: excess)
    case .trtcm:
      let peak = bytesPerSecond(try needed(pir, settings))
      let peakSize = UInt64(try needed(pbs, settings))
      // "The PIR must be equal to or greater than the CIR", both sizes "greater than 0" (RFC 2698,
      // section 2).
      guard peak >= rate else { throw settings.error(pir, "pir is below cir") }
      guard size > 0 else { throw settings.error(cbs, "cbs must be greater than 0") }
      guard peakSize > 0 else { throw settings.error(pbs, "pbs must be greater than 0") }
      warnOfSmall(settings, cbs, settings[cbs], context)
      warnOfSmall(settings, pbs, Int(peakSize), context)
      return Meter(
        .twoRate, committedRate: rate, committedSize: size, secondRate: peak,
        secondSize: peakSize)
    case .rfc4115:
      let excess = bytesPerSecond(try needed(eir, settings))
      let excessSize = UInt64(try needed(ebs, settings))
      warnOfSmall(settings, cbs, settings[cbs], context)
      return Meter(
        .twoRateInProfile, committedRate: rate, committedSize: size, secondRate: excess,
        secondSize: excessSize)
    }
  }

  private static func needed<Value>(
    _ setting: Setting<Value?>, _ settings: SettingValues
  ) throws(SettingsError) -> Value {
    guard let value = settings[setting] else {
      throw settings.error(
        kind, "a meter of type \(settings[kind].rawValue) needs '\(setting.name)'",
        fix: "give it '\(setting.name)'")
    }
    return value
  }

  /// What belongs to another type was meant for that type.
  private static func refuseStrangers(_ settings: SettingValues) throws(SettingsError) {
    let strangers: [any SettingDeclaration] =
      switch settings[kind] {
      case .srtcm: [eir, pir, pbs]
      case .trtcm: [ebs, eir]
      case .rfc4115: [pir, pbs]
      }
    for stranger in strangers where settings.isGiven(stranger) {
      let owner =
        switch stranger.name {
        case pir.name, pbs.name: "trtcm"
        case eir.name: "trtcm-rfc4115"
        default: "srtcm or trtcm-rfc4115"
        }
      throw settings.error(
        stranger, "'\(stranger.name)' is no setting of type \(settings[kind].rawValue)",
        fix: "use type: \(owner), or leave it out")
    }
  }

  /// A packet that is larger than a bucket never finds enough tokens in it.
  private static func warnOfSmall(
    _ settings: SettingValues, _ setting: some SettingDeclaration, _ bytes: Int,
    _ context: StageContext
  ) {
    guard bytes > 0, bytes < 1500, let place = settings.location(of: setting) else { return }
    context.warn(
      Diagnostic(
        .warning, at: place, "packets larger than \(setting.name) never find enough tokens",
        fix: "write at least the size of the largest packet"))
  }
}
