// SPDX-License-Identifier: BSD-3-Clause
import Capture
import Pipeline
import Settings
import Telemetry

/// Waits for an event of `roce-telemetry`, with the latest packets at hand.
struct CaptureTrigger: ~Copyable {
  static let kinds: Setting<[String]?> = .list(
    "trigger", of: .choice(["any"] + TelemetryEvent.Kind.allCases.map(\.name)),
    "Write only when an event of `roce-telemetry` begins: the packets before it, and after it")
  static let before: Setting<Int> = .integer(
    "before", in: 1...1_048_576, default: 1000,
    "With `trigger`: how many of the latest packets are kept and written")
  static let after: Setting<Int> = .integer(
    "after", in: 0...Int(Int32.max), default: 1000,
    "With `trigger`: how many packets are written after an event began")
  /// So much of a packet is kept where `cut` does not say.
  static let defaultCut = 256

  private let watch: EventWatch
  private var recent: RecentPackets
  private let after: UInt64
  private var seen: UInt64 = 0
  /// Packets that are still to be written.
  private var left: UInt64 = 0
  private(set) var fired: UInt64 = 0

  init(_ names: [String], _ settings: SettingValues, _ board: TelemetryBoard, cut: Int) {
    let kinds = TelemetryEvent.Kind.allCases.filter {
      names.contains($0.name) || names.contains("any")
    }
    watch = board.begun.watch(kinds)
    recent = RecentPackets(capacity: settings[Self.before], cut: cut)
    after = UInt64(settings[Self.after])
  }

  mutating func process(_ burst: borrowing Burst, _ selection: Selection, _ ring: CaptureRing) {
    for index in selection {
      recent.add(index, of: burst)
      if left > 0 {
        left &-= 1
        recent.record(to: ring)
      }
    }
    let count = watch.count
    guard count != seen else { return }
    seen = count
    fired &+= 1
    left = after
    recent.record(to: ring)
  }
}
