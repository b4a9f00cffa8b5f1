// SPDX-License-Identifier: BSD-3-Clause
public import Pipeline
public import Settings

/// Drops packets for a reason of the user's own.
public struct Drop: Stage, ~Copyable {
  public static var name: String { "drop" }
  public static var summary: String { "Drops packets and counts them by a reason that you name." }
  public static var settings: [any SettingDeclaration] { [reason] }
  public static var shorthand: String? { reason.name }
  public static var headers: HeaderUse { .ignores }
  public static var isFinal: Bool { true }
  public static var example: String {
    """
    - drop: tenant-blocked
      when: ip.src in 10.9.0.0/16
    """
  }

  static let reason: Setting<String> = .identifier(
    "reason", default: "drop-stage", "The name under which the packets are counted")

  private let reason: DropReason

  public init(_ settings: SettingValues, _ context: StageContext) {
    reason = context.reason(settings[Self.reason])
  }

  public mutating func process(_ burst: inout Burst, _ selection: Selection) {
    burst.drop(selection, reason)
  }
}
