// SPDX-License-Identifier: BSD-3-Clause
import Congestion
import Pipeline
import Settings

/// What `impair` is set to.
struct Impairments: BitwiseCopyable {
  static let psns: Setting<[Int]?> = .list(
    "psns", of: .integer(in: 0...0xff_ffff),
    "Drop a RoCE packet with each of these sequence numbers, once for each time that it is listed")
  static let every: Setting<Int?> = .integer(
    "every", in: 1...1_000_000_000, "Drop every n-th packet")
  static let loss: Setting<Double?> = .share(
    "loss", "Drop so many packets, each by a chance of its own")
  static let burstLoss: Setting<SettingValues?> = .record(
    "burst-loss", [p, r, h, k],
    "Drop packets in bursts, as a channel of Gilbert and Elliott does, which is good or bad")
  static let delay: Setting<UInt64?> = .duration("delay", in: 0...3600, "Keep packets for so long")
  static let jitter: Setting<UInt64?> = .duration(
    "jitter", in: 0...3600,
    "Keep them for up to so much less or more than `delay`, evenly spread; their order stays")
  static let reorder: Setting<Double?> = .share(
    "reorder", "Keep so many packets for `reorder-delay` longer, while others overtake them")
  static let reorderDelay: Setting<UInt64?> = .duration(
    "reorder-delay", in: 1e-9...3600, "How much longer")
  static let duplicate: Setting<Double?> = .share(
    "duplicate",
    "Double so many packets: a copy goes on behind them, through the stages that follow")
  static let corrupt: Setting<Double?> = .share(
    "corrupt",
    "Turn over one bit of so many packets, where their ICRC or transport checksum covers it")
  static let ce: Setting<Double?> = .share(
    "ce", "Mark so many packets as having met congestion, where they are ECN-capable")
  static let capacity: Setting<Int> = .integer(
    "capacity", in: 1...1_048_576, default: 1024,
    "How many packets can be kept at once; those that find no room are dropped")

  static let p: Setting<Double> = .share("p", "The chance of a good channel to become bad")
  static let r: Setting<Double> = .share("r", "The chance of a bad channel to become good")
  static let h: Setting<Double> = .share(
    "h", default: "0%", "The chance of a packet to pass a bad channel")
  static let k: Setting<Double> = .share(
    "k", default: "100%", "The chance of a packet to pass a good channel")

  static var settings: [any SettingDeclaration] {
    [
      psns, every, loss, burstLoss, delay, jitter, reorder, reorderDelay, duplicate,
      corrupt, ce, capacity,
    ]
  }

  /// 0 for none.
  let every: UInt64
  let loss: Chance
  let burstLoss: BurstLoss
  let hasBurstLoss: Bool
  let hasSequenceNumbers: Bool
  /// Nanoseconds.
  let delay: UInt64
  let jitter: UInt64
  let reorder: Chance
  let reorderDelay: UInt64
  let duplicate: Chance
  let corrupt: Chance
  let ce: Chance
  let capacity: Int

  /// Whether packets are kept: copies too wait until their burst is through.
  var holds: Bool { delay > 0 || !reorder.isNever || !duplicate.isNever }

  init(_ settings: SettingValues) throws(SettingsError) {
    every = UInt64(settings[Self.every] ?? 0)
    loss = Chance(settings[Self.loss] ?? 0)
    let channel = settings[Self.burstLoss]
    hasBurstLoss = channel != nil
    burstLoss = try Self.channel(channel)
    hasSequenceNumbers = !(settings[Self.psns] ?? []).isEmpty
    delay = settings[Self.delay] ?? 0
    jitter = settings[Self.jitter] ?? 0
    reorder = Chance(settings[Self.reorder] ?? 0)
    reorderDelay = settings[Self.reorderDelay] ?? 0
    duplicate = Chance(settings[Self.duplicate] ?? 0)
    corrupt = Chance(settings[Self.corrupt] ?? 0)
    ce = Chance(settings[Self.ce] ?? 0)
    capacity = settings[Self.capacity]
    try check(settings)
  }

  private static func channel(_ values: SettingValues?) throws(SettingsError) -> BurstLoss {
    guard let values else { return BurstLoss(p: 0, r: 1) }
    if values[k] == 1 && (values[p] == 0 || values[h] == 1) {
      throw values.error(
        p, "this channel loses nothing", fix: "give a 'p' above 0% and an 'h' below 100%")
    }
    return BurstLoss(p: values[p], r: values[r], h: values[h], k: values[k])
  }

  private func check(_ settings: SettingValues) throws(SettingsError) {
    if settings[Self.jitter] != nil && jitter > delay {
      throw settings.error(
        Self.jitter, "'jitter' is more than 'delay': a packet cannot leave before it came",
        fix: "make 'delay' at least as long")
    }
    try pair(Self.reorder, Self.reorderDelay, settings)
    let chances = [loss, reorder, duplicate, corrupt, ce]
    let isIdle = chances.allSatisfy(\.isNever) && every == 0 && delay == 0
    if isIdle && !hasBurstLoss && !hasSequenceNumbers {
      throw settings.error(
        Self.loss, "these settings do nothing to packets",
        fix: "give one, such as 'loss: 1%', or leave the stage out")
    }
  }

  /// Two settings of which neither means anything without the other.
  private func pair(
    _ one: some SettingDeclaration, _ other: some SettingDeclaration, _ settings: SettingValues
  ) throws(SettingsError) {
    guard settings.isGiven(one) != settings.isGiven(other) else { return }
    let (given, missing) = settings.isGiven(one) ? (one.name, other.name) : (other.name, one.name)
    throw SettingsError(
      setting: given, message: "'\(given)' needs '\(missing)'", fix: "give both, or neither",
      location: settings.location(ofName: given) ?? settings.location)
  }
}
