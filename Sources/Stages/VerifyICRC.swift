// SPDX-License-Identifier: BSD-3-Clause
public import Pipeline
public import Settings
import Wire

/// Checks the invariant CRC of RoCE packets.
public struct VerifyICRC: Stage, ~Copyable {
  public static var name: String { "verify-icrc" }
  public static var summary: String {
    "Checks the invariant CRC of RoCE packets; later conditions can ask for `roce.icrc`."
  }
  public static var settings: [any SettingDeclaration] { [every, bad] }
  public static var shorthand: String? { bad.name }
  public static var example: String {
    """
    - verify-icrc: drop
    - verify-icrc: {every: 64}
    - capture: {file: corrupt.pcapng}
      when: roce.icrc == bad
    """
  }

  static let every: Setting<Int> = .integer(
    "every", in: 1...1_000_000_000, default: 1,
    "Check one RoCE packet in this many: each costs about a cycle for 20 to 30 bytes")
  static let bad: Setting<Treatment> = .choice(
    "bad", default: .count, "What happens to a packet whose ICRC is not that of its bytes")

  /// What to do with a packet whose ICRC is wrong.
  enum Treatment: String, CaseIterable, Sendable {
    case count, drop
  }

  private let drops: Bool
  private let reason: DropReason
  private var turn: OneInSoMany
  /// By verdict.
  private let counts: UnsafeMutablePointer<UInt64>

  public init(_ settings: SettingValues, _ context: StageContext) {
    turn = OneInSoMany(every: settings[Self.every], startsWithFirst: true)
    drops = settings[Self.bad] == .drop
    reason = context.reason("icrc-bad")
    counts = .allocate(capacity: ICRCVerdict.allCases.count)
    counts.initialize(repeating: 0, count: ICRCVerdict.allCases.count)
  }

  deinit { counts.deallocate() }

  public mutating func process(_ burst: inout Burst, _ selection: Selection) {
    var bad = Selection()
    for index in selection
    where burst.headers(index).pointee.layers.rawValue & Layers.bth.rawValue != 0 {
      let verdict = turn.isNextDue() ? ICRC.verdict(in: burst, at: index) : .unchecked
      burst.mutableHeaders(index).pointee.icrc = verdict
      counts[Int(verdict.rawValue)] &+= 1
      if verdict == .bad { bad.insert(index) }
    }
    if drops && !bad.isEmpty { burst.drop(bad, reason) }
  }

  public func figures() -> [StageFigure] {
    ICRCVerdict.allCases.compactMap { verdict in
      let count = counts[Int(verdict.rawValue)]
      return count > 0 || verdict == .good || verdict == .bad
        ? StageFigure(verdict.name, count) : nil
    }
  }
}
