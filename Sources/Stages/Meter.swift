// SPDX-License-Identifier: BSD-3-Clause
import Congestion
public import Pipeline
public import Settings
import Wire

/// Colors packets by the rate at which they come.
public struct MeterStage: Stage, ~Copyable {
  public static var name: String { "meter" }
  public static var summary: String {
    "Colors packets green, yellow or red by the rate at which they come; later conditions can ask"
      + " for `color`."
  }
  public static var settings: [any SettingDeclaration] {
    MeterSettings.all + [colorAware] + actions + [dscp] + Metering.settings
  }
  public static var example: String {
    """
    - meter: {cir: 10Gbps, cbs: 256KB, ebs: 1MB, red: drop}
    - meter:
        type: trtcm
        cir: 10Gbps
        cbs: 256KB
        pir: 20Gbps
        pbs: 512KB
        per: class
        dscp: {yellow: 28, red: 30}
    - drop: out-of-profile
      when: color == red
    """
  }

  /// What happens to packets of a color.
  enum Action: String, CaseIterable, Sendable {
    case pass, drop
  }

  static let colorAware: Setting<Bool> = .boolean(
    "color-aware", default: false,
    "Take a packet for no better than the color that it has; one without is taken for green")
  static let green: Setting<Action> = .choice(
    "green", default: .pass, "What happens to green packets")
  static let yellow: Setting<Action> = .choice(
    "yellow", default: .pass, "What happens to yellow packets")
  static let red: Setting<Action> = .choice(
    "red", default: .pass, "What happens to red packets; they are dropped for `meter-red`")
  static let dscp: Setting<SettingValues?> = .record(
    "dscp", marks, "The DSCP that packets of a color get; one that is not named stays as it is")
  static let marks: [Setting<Int?>] = MeterColor.allCases.map {
    .integer($0.name, in: 0...63, "The DSCP of \($0.name) packets")
  }

  private static var actions: [Setting<Action>] { [green, yellow, red] }

  private var metering: Metering
  private let isColorAware: Bool
  /// By color: what follows from it, the packets of the burst, and how many there were so far.
  private let consequences: UnsafeMutablePointer<ColorConsequence>
  private let found: UnsafeMutablePointer<Selection>
  private let packets: UnsafeMutablePointer<UInt64>
  private let bytes: UnsafeMutablePointer<UInt64>

  /// Colors begin with 1.
  private static var places: Int { 4 }

  public init(_ settings: SettingValues, _ context: StageContext) throws(SettingsError) {
    let meter = try MeterSettings.meter(settings, context)
    let metering = try Metering(meter, settings, context)
    let consequences = try Self.consequences(settings, context)
    self.metering = metering
    self.consequences = consequences
    isColorAware = settings[Self.colorAware]
    found = .allocate(capacity: Self.places)
    found.initialize(repeating: Selection(), count: Self.places)
    packets = .allocate(capacity: Self.places)
    packets.initialize(repeating: 0, count: Self.places)
    bytes = .allocate(capacity: Self.places)
    bytes.initialize(repeating: 0, count: Self.places)
  }

  deinit {
    consequences.deinitialize(count: Self.places).deallocate()
    found.deallocate()
    packets.deallocate()
    bytes.deallocate()
  }

  private static func consequences(
    _ settings: SettingValues, _ context: StageContext
  ) throws(SettingsError) -> UnsafeMutablePointer<ColorConsequence> {
    let place = UnsafeMutablePointer<ColorConsequence>.allocate(capacity: places)
    place.initialize(
      to: try ColorConsequence(drops: false, reason: .noVerdict, dscp: nil))
    for (color, action) in zip(MeterColor.allCases, actions) {
      let mark = settings[dscp].flatMap { $0[marks[Int(color.rawValue) - 1]] }
      let drops = settings[action] == .drop
      let reason = drops ? context.reason("meter-\(color.name)") : .noVerdict
      (place + Int(color.rawValue)).initialize(
        to: try ColorConsequence(drops: drops, reason: reason, dscp: mark))
    }
    return place
  }

  public mutating func process(_ burst: inout Burst, _ selection: Selection) {
    found.update(repeating: Selection(), count: Self.places)
    for index in selection {
      let headers = burst.mutableHeaders(index)
      let before = isColorAware ? MeterColor(headers.pointee.color) : .green
      guard let (color, length) = metering.meterPacket(index, of: burst, after: before) else {
        continue
      }
      headers.pointee.color = PacketColor(color)
      let place = Int(color.rawValue)
      found[place].insert(index)
      bytes[place] &+= length
    }
    for place in 1..<Self.places where !found[place].isEmpty {
      packets[place] &+= UInt64(truncatingIfNeeded: found[place].count)
      consequences[place].apply(to: found[place], of: &burst)
    }
  }

  public func figures() -> [StageFigure] {
    MeterColor.allCases.flatMap { color in
      let place = Int(color.rawValue)
      return [
        StageFigure(color.name, packets[place]), StageFigure("\(color.name) bytes", bytes[place]),
      ]
    } + metering.figures
  }
}
