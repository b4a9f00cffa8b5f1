// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
import Pipeline
import Settings

/// Keeps each packet for a time, and drops every third one then.
struct Keeping: HoldingStage, ~Copyable {
  static var name: String { "keeping" }
  static var summary: String { "Keeps packets." }
  static var settings: [any SettingDeclaration] { [time, dropsThirds] }
  static var example: String { "- keeping: {time: 5us}" }

  static let time: Setting<UInt64> = .duration("time", "How long it keeps a packet")
  static let dropsThirds: Setting<Bool> = .boolean(
    "drops-thirds", default: false, "Whether every third packet is dropped")

  private let time: UInt64
  private let dropsThirds: Bool
  private let reason: DropReason
  private let kept = UnsafeMutablePointer<HeldPacket>.allocate(capacity: 512)
  private var first = 0
  private var end = 0

  init(_ settings: SettingValues, _ context: StageContext) {
    time = settings[Self.time]
    dropsThirds = settings[Self.dropsThirds]
    reason = context.reason("third")
    context.reservePackets(held: 512)
  }

  deinit { kept.deallocate() }

  mutating func process(_ burst: inout Burst, _ selection: Selection) {
    for index in selection where end < 512 {
      (kept + end).initialize(to: burst.hold(index))
      end += 1
    }
  }

  var nextRelease: UInt64 { first < end ? kept[first].nanoseconds + time : .max }

  mutating func release(_ burst: inout Burst, until now: UInt64) {
    while nextRelease <= now {
      guard let index = burst.resume(kept[first], at: nextRelease) else { return }
      first += 1
      if dropsThirds && first % 3 == 0 { burst.drop(index, reason) }
    }
  }
}
