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

  private let every: UInt64
  private let isRandom: Bool
  /// How many more packets pass unmarked before the next marked one.
  private var remaining: UInt64
  private var marked: UInt64 = 0
  private var generator: SplitMix64

  public init(_ settings: SettingValues, _ context: StageContext) {
    every = UInt64(settings[Self.every])
    isRandom = settings[Self.mode] == .random
    remaining = every - 1
    generator = SplitMix64(seed: context.nextSeed())
  }

  public mutating func process(_ burst: inout Burst, _ selection: Selection) {
    for index in selection {
      let headers = burst.mutableHeaders(index)
      guard isRandom ? generator.next().multipliedFullWidth(by: every).high == 0 : isDue() else {
        headers.pointee.layers.remove(.sampled)
        continue
      }
      headers.pointee.layers.insert(.sampled)
      marked &+= 1
    }
  }

  private mutating func isDue() -> Bool {
    guard remaining == 0 else {
      remaining &-= 1
      return false
    }
    remaining = every &- 1
    return true
  }

  public func figures() -> [StageFigure] { [StageFigure("sampled", marked)] }
}
