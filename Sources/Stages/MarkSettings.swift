// SPDX-License-Identifier: BSD-3-Clause
import Congestion
import Pipeline
import Settings

/// By what packets are marked: what `mark-ecn` and the `mark` of `queue` have in common.
enum MarkSettings {
  /// What the curve goes by.
  enum Curve: String, CaseIterable, Sendable {
    case red, step, delay
  }

  /// What becomes of a packet that is chosen and cannot be marked.
  enum NotECT: String, CaseIterable, Sendable {
    case pass, drop
  }

  static let profile: Setting<MarkingProfile?> = .choice(
    "profile",
    "Published thresholds, scaled to the rate: of the DCQCN paper (5 KB, 200 KB and 1 % at"
      + " 40 Gb/s), HPCC (100 KB, 400 KB and 20 % for each 25 Gb/s) or DCTCP (65 packets of 1500 B"
      + " at 10 Gb/s); or SONiC's AZURE_LOSSLESS (1 MiB, 2 MiB and 5 % at any rate)")
  static let curve: Setting<Curve?> = .choice(
    "curve",
    "Mark with a chance that grows with the depth from min to max (red), all beyond min (step), or"
      + " by the time that packets wait (delay): red when left out")
  static let min: Setting<Int?> = .size(
    "min", in: sizes, "No packet is marked up to this depth of the queue")
  static let max: Setting<Int?> = .size(
    "max", in: sizes, "Every packet is marked beyond this depth of the queue")
  static let probability: Setting<Double?> = .share(
    "probability", "The chance at max, of red and delay: 100 % when left out")
  static let minDelay: Setting<UInt64?> = .duration(
    "min-delay", in: 0...10, "No packet is marked that waits up to so long, of delay")
  static let maxDelay: Setting<UInt64?> = .duration(
    "max-delay", in: 0...10, "Every packet is marked that waits longer: min-delay when left out")
  static let average: Setting<Int?> = .integer(
    "average", in: 1...16,
    "Mark by the average depth, which each packet moves by 2 to the minus this; without it by the"
      + " depth itself, as RoCE needs")
  static let l4s: Setting<SettingValues?> = .record(
    "l4s", [leastDelay, mostDelay],
    "Mark packets with ECT(1) by the time that they wait instead, as L4S does")
  static let notECT: Setting<NotECT> = .choice(
    "not-ect", default: .pass,
    "Let chosen IP packets that are not ECN-capable pass, or drop them as RFC 3168 asks")
  static let marksCNPs: Setting<Bool> = .boolean(
    "mark-cnps", default: false, "Mark CNPs too")
  static let marksAcks: Setting<Bool> = .boolean(
    "mark-acks", default: false,
    "Mark acknowledgements and management datagrams of RoCE too")
  static let priorities: Setting<[Int]?> = .list(
    "priorities", of: .integer(in: 0...7),
    "Mark packets of these priorities alone; others only make the queue deeper")

  static let leastDelay: Setting<UInt64> = .duration(
    "min", in: 0...10, default: "1ms", "No packet is marked that waits up to so long")
  static let mostDelay: Setting<UInt64?> = .duration(
    "max", in: 0...10, "Every packet is marked that waits longer: min when left out")

  static var all: [any SettingDeclaration] {
    [
      profile, curve, min, max, probability, minDelay, maxDelay, average, l4s, notECT, marksCNPs,
      marksAcks, priorities,
    ]
  }

  static var sizes: ClosedRange<Double> { 0...1e12 }

  /// What marks packets of a queue with that rate, in bits per second.
  static func marking(
    _ settings: SettingValues, rate: UInt64, _ context: StageContext
  ) throws(SettingsError) -> ECNMarking {
    let isOfDelay = settings[curve] == .delay
    let classic = try classicCurve(settings, rate)
    if isOfDelay, settings[average] != nil {
      throw settings.error(
        average, "an average is taken of depths, and the curve goes by delays",
        fix: "leave it out, or use curve: red")
    }
    return ECNMarking(
      classic: classic, isOfDelay: isOfDelay,
      scalable: try settings[l4s].map { record throws(SettingsError) in
        try delayCurve(record, leastDelay.name, record[leastDelay], mostDelay, 1)
      },
      settings, seed: context.nextSeed())
  }

  private static func classicCurve(
    _ settings: SettingValues, _ rate: UInt64
  ) throws(SettingsError) -> MarkingCurve {
    if let profile = settings[profile] {
      try refuse([curve, min, max, probability, minDelay, maxDelay], settings) { name in
        "'\(name)' does not go with a profile, which says it"
      }
      return profile.curve(rate: rate)
    }
    switch settings[curve] ?? .red {
    case .red:
      try refuse([minDelay, maxDelay], settings) { "'\($0)' is of curve: delay" }
      let most = UInt64(try needed(max, settings))
      let least = UInt64(try needed(min, settings))
      guard least <= most else { throw settings.error(max, "max is below min") }
      return MarkingCurve(min: least, max: most, probability: chance(settings))
    case .step:
      try refuse([max, probability, minDelay, maxDelay], settings) {
        "'\($0)' does not go with a step, which is at min"
      }
      return MarkingCurve(step: UInt64(try needed(min, settings)))
    case .delay:
      try refuse([min, max], settings) { "'\($0)' does not go with curve: delay" }
      return try delayCurve(
        settings, minDelay.name, try needed(minDelay, settings), maxDelay,
        settings[probability] ?? 1)
    }
  }

  private static func chance(_ settings: SettingValues) -> UInt64 {
    MarkingCurve.probability(settings[probability] ?? 1)
  }

  private static func delayCurve(
    _ settings: SettingValues, _ name: String, _ least: UInt64, _ most: Setting<UInt64?>,
    _ share: Double
  ) throws(SettingsError) -> MarkingCurve {
    guard least <= settings[most] ?? least else {
      throw settings.error(most, "\(most.name) is below \(name)")
    }
    return MarkingCurve(
      min: least, max: settings[most] ?? least, probability: MarkingCurve.probability(share))
  }

  private static func needed<Value>(
    _ setting: Setting<Value?>, _ settings: SettingValues
  ) throws(SettingsError) -> Value {
    guard let value = settings[setting] else {
      throw settings.error(
        setting, "'\(setting.name)' is missing",
        fix: "give the thresholds, or name a profile: "
          + MarkingProfile.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return value
  }

  private static func refuse(
    _ strangers: [any SettingDeclaration], _ settings: SettingValues, _ why: (String) -> String
  ) throws(SettingsError) {
    for stranger in strangers where settings.isGiven(stranger) {
      throw settings.error(stranger, why(stranger.name), fix: "leave it out")
    }
  }
}
