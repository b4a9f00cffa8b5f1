// SPDX-License-Identifier: BSD-3-Clause
public import Pipeline
public import Settings
import Wire

/// Marks one packet in so many, for the conditions of later stages.
public struct Sample: Stage, ~Copyable {
  public static var name: String { "sample" }
  public static var summary: String {
    "Marks one packet in so many as `sampled`, which the conditions of later stages can ask for."
  }
  public static var settings: [any SettingDeclaration] { [every, mode] }
  public static var shorthand: String? { every.name }
  public static var example: String {
    """
    - sample: 1000
    - capture: {file: sampled.pcapng}
      when: sampled
    """
  }

  static let every: Setting<Int> = .integer(
    "every", in: 1...1_000_000_000, "Mark one packet in this many")
  static let mode: Setting<Mode> = .choice(
    "mode", default: .count, "Mark exactly every n-th packet, or each with a chance of one in n")

  /// How the packets to mark are chosen.
  enum Mode: String, CaseIterable, Sendable {
    case count, random
  }

  private let isRandom: Bool
  private var turn: OneInSoMany
  private var marked: UInt64 = 0
  private var generator: SplitMix64

  public init(_ settings: SettingValues, _ context: StageContext) {
    isRandom = settings[Self.mode] == .random
    turn = OneInSoMany(every: settings[Self.every], startsWithFirst: false)
    generator = SplitMix64(seed: context.nextSeed())
  }

  public mutating func process(_ burst: inout Burst, _ selection: Selection) {
    for index in selection {
      let headers = burst.mutableHeaders(index)
      guard isRandom ? isChosen() : turn.isNextDue() else {
        headers.pointee.layers.remove(.sampled)
        continue
      }
      headers.pointee.layers.insert(.sampled)
      marked &+= 1
    }
  }

  /// With a chance of one in so many.
  @inline(__always)
  private mutating func isChosen() -> Bool {
    generator.next().multipliedFullWidth(by: turn.every).high == 0
  }

  public func figures() -> [StageFigure] { [StageFigure("sampled", marked)] }
}
