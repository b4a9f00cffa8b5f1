// SPDX-License-Identifier: BSD-3-Clause
import Congestion
import Pipeline
import Settings

/// Takes every packet for a frame that pauses priority 3 of the port `out`, for as many times of
/// 512 bits at 1 Gb/s as the two bytes behind its type say.
struct Pausing: Stage, ~Copyable {
  static var name: String { "pausing" }
  static var summary: String { "Pauses priority 3." }
  static var settings: [any SettingDeclaration] { [action] }
  static var example: String { "- pausing" }

  static let action: Setting<String> = .choice(
    "action", ["drop", "forward", "none"], default: "none", "What happens in a storm")

  private let shared: SharedPauses
  private let reason: DropReason

  init(_ settings: SettingValues, _ context: StageContext) {
    shared = context.common("pauses of port out") { SharedPauses() }
    reason = context.reason("pause-frame")
    let watchdog =
      switch settings[Self.action] {
      case "drop": PauseWatchdog(detection: 100_000, restoration: 50_000, action: .drop)
      case "forward": PauseWatchdog(detection: 100_000, restoration: 50_000, action: .forward)
      default: PauseWatchdog(detection: .max)
      }
    shared.serve(link: LinkPauses(bitRate: 1_000_000_000), watchdog: watchdog)
  }

  mutating func process(_ burst: inout Burst, _ selection: Selection) {
    for index in selection {
      let bytes = burst.bytes(index)
      let quanta =
        UInt16(bytes.load(fromByteOffset: 14, as: UInt8.self)) << 8
        | UInt16(bytes.load(fromByteOffset: 15, as: UInt8.self))
      shared.pauses.pointee.receive(
        PauseTimes(vector: 1 << 3, all: quanta), at: burst.nanoseconds(index))
    }
    burst.drop(selection, reason)
  }
}
