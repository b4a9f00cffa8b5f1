// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Settings
import Tables

/// Puts the packets and bytes that each packet's flow, or queue pair, has by now into the packet.
///
/// The last 16 bytes become two numbers of the machine's order; all ones stand for no flow.
struct FoundFlows: Stage, ~Copyable {
  static var name: String { "found" }
  static var summary: String { "Shows what was found of packets." }
  static var settings: [any SettingDeclaration] { [what] }
  static var shorthand: String? { what.name }
  static var example: String { "- found: flow" }

  static let what: Setting<String> = .choice("what", ["flow", "qp"], "What is shown")

  private let showsFlow: Bool

  init(_ settings: SettingValues, _ context: StageContext) {
    showsFlow = settings[Self.what] == "flow"
  }

  mutating func process(_ burst: inout Burst, _ selection: Selection) {
    for index in selection {
      let entry = showsFlow ? burst.flow(index) : burst.queuePair(index)
      let packet = burst.packet(index)
      let end = packet.bytes + Int(packet.pointee.data_length)
      (end - 16).storeBytes(of: entry?.pointee.packets ?? .max, as: UInt64.self)
      (end - 8).storeBytes(of: entry?.pointee.bytes ?? .max, as: UInt64.self)
    }
  }

  static let registry = StageRegistry(StageRegistry.standard.types + [StageType(FoundFlows.self)])

  /// What the stage has written to a packet; nil for no flow.
  static func packets(_ departure: Departure) -> UInt64? {
    let bytes = departure.bytes.suffix(16).prefix(8)
    let number = bytes.reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    return number == .max ? nil : number
  }
}
