// SPDX-License-Identifier: BSD-3-Clause
import Congestion
public import Pipeline
public import Settings

/// Drops what comes faster than a rate.
public struct Police: Stage, ~Copyable {
  public static var name: String { "police" }
  public static var summary: String {
    "Drops packets that come faster than a rate allows, beyond a burst."
  }
  public static var settings: [any SettingDeclaration] {
    [rate, burst, packetRate, packetBurst, reason] + Metering.settings
  }
  public static var example: String {
    """
    - police: {rate: 10Gbps, burst: 256KB}
      when: ip.src in 10.9.0.0/16
    - police: {packet-rate: 100Kpps, packet-burst: 200, reason: too-many-cnps}
      when: bth.opcode == CNP
    """
  }

  static let rate: Setting<Double?> = .bitRate(
    "rate", in: 8...100e12, "The rate at which packets pass")
  static let burst: Setting<Int?> = .size(
    "burst", in: 1...1e12, "What may pass at once after a pause; at least the largest packet")
  static let packetRate: Setting<Double?> = .packetRate(
    "packet-rate", in: 1...100e9, "The same in packets, instead of `rate`")
  static let packetBurst: Setting<Int?> = .integer(
    "packet-burst", in: 1...1_000_000_000, "How many packets may pass at once after a pause")
  static let reason: Setting<String> = .identifier(
    "reason", default: "policed", "The reason that drops are counted under")

  private var metering: Metering
  private let reason: DropReason
  private var passed: UInt64 = 0
  private var passedBytes: UInt64 = 0
  private var excessBytes: UInt64 = 0

  public init(_ settings: SettingValues, _ context: StageContext) throws(SettingsError) {
    let countsPackets = settings[Self.packetRate] != nil
    metering = try Metering(
      Self.meter(settings, context), settings, context, packets: countsPackets)
    reason = context.reason(settings[Self.reason])
  }

  private static func meter(
    _ settings: SettingValues, _ context: StageContext
  ) throws(SettingsError) -> Meter {
    switch (settings[rate], settings[packetRate]) {
    case (nil, nil):
      throw settings.error(
        rate, "there is no rate",
        fix: "give 'rate' and 'burst', or 'packet-rate' and 'packet-burst'")
    case (.some, .some):
      throw settings.error(
        packetRate, "a policer has one rate, in bits or in packets", fix: "use two policers")
    case (let bits?, nil):
      return Meter(
        rate: MeterSettings.bytesPerSecond(bits),
        burst: UInt64(try size(burst, besides: packetBurst, of: rate, settings)))
    case (nil, let packets?):
      return Meter(
        rate: UInt64(packets.rounded()),
        burst: UInt64(try size(packetBurst, besides: burst, of: packetRate, settings)))
    }
  }

  private static func size(
    _ size: Setting<Int?>, besides other: Setting<Int?>, of rate: Setting<Double?>,
    _ settings: SettingValues
  ) throws(SettingsError) -> Int {
    if settings[other] != nil {
      throw settings.error(
        other, "'\(other.name)' does not go with '\(rate.name)'", fix: "write '\(size.name)'")
    }
    guard let value = settings[size] else {
      throw settings.error(
        rate, "'\(rate.name)' needs '\(size.name)'", fix: "say how much may pass at once")
    }
    return value
  }

  public mutating func process(_ burst: inout Burst, _ selection: Selection) {
    var excess = Selection()
    for index in selection {
      guard let (color, length) = metering.meterPacket(index, of: burst) else { continue }
      guard color == .green else {
        excess.insert(index)
        excessBytes &+= length
        continue
      }
      passed &+= 1
      passedBytes &+= length
    }
    if !excess.isEmpty { burst.drop(excess, reason) }
  }

  public func figures() -> [StageFigure] {
    [
      StageFigure("passed", passed), StageFigure("passed bytes", passedBytes),
      StageFigure("excess bytes", excessBytes),
    ] + metering.figures
  }
}
