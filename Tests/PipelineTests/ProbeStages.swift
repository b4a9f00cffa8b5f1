// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
import Pipeline
import Settings

/// Decides on every packet three times.
struct Indecisive: Stage, ~Copyable {
  static var name: String { "indecisive" }
  static var summary: String { "Sends, drops, and jumps." }
  static var settings: [any SettingDeclaration] { [] }
  static var headers: HeaderUse { .ignores }
  static var example: String { "- indecisive" }

  private let port: PortIndex
  private let reason: DropReason

  init(_ settings: SettingValues, _ context: StageContext) {
    port = context.port("out")
    reason = context.reason("second-thoughts")
  }

  mutating func process(_ burst: inout Burst, _ selection: Selection) {
    burst.send(selection, to: port)
    burst.drop(selection, reason)
    burst.jump(selection, to: PipelineIndex(0))
    burst.send(selection, to: port)
  }
}

/// Makes packets of its own: as many as it says in each burst, whatever it reserved.
struct Maker: Stage, ~Copyable {
  static var name: String { "maker" }
  static var summary: String { "Makes packets." }
  static var settings: [any SettingDeclaration] { [count, reserved] }
  static var headers: HeaderUse { .ignores }
  static var example: String { "- maker: {count: 3, reserved: 3}" }

  static let count: Setting<Int> = .integer("count", in: 0...1000, "Packets in each burst")
  static let reserved: Setting<Int> = .integer("reserved", in: 0...1000, "Places asked for")

  private let count: Int
  private let port: PortIndex
  private let pool: OpaquePointer?
  private var refused: UInt64 = 0

  init(_ settings: SettingValues, _ context: StageContext) {
    count = settings[Self.count]
    port = context.port("tap")
    pool = context.pool
    context.reservePackets(perBurst: settings[Self.reserved])
  }

  mutating func process(_ burst: inout Burst, _ selection: Selection) {
    guard let pool else { return }
    for number in 0..<count {
      guard var packet = cdpdk_fill(pool, [UInt8(number)], 1) else { continue }
      if burst.emit(packet, to: port, nanoseconds: 42, wireLength: 99) { continue }
      refused += 1
      cdpdk_free(&packet, 1)
    }
  }

  func figures() -> [StageFigure] { [StageFigure("refused", refused)] }
}

/// Takes the name of a stage that comes with Sluice.
struct OtherCount: Stage, ~Copyable {
  static var name: String { "count" }
  static var summary: String { "Counts differently." }
  static var settings: [any SettingDeclaration] { [] }
  static var example: String { "- count" }

  init(_ settings: SettingValues, _ context: StageContext) throws(SettingsError) {}

  mutating func process(_ burst: inout Burst, _ selection: Selection) {}
}

/// Refuses to be built.
struct Refusing: Stage, ~Copyable {
  static var name: String { "refusing" }
  static var summary: String { "Does not want to." }
  static var settings: [any SettingDeclaration] { [mood] }
  static var example: String { "- refusing: bad" }

  static let mood: Setting<String> = .text("mood", default: "bad", "Its mood")

  init(_ settings: SettingValues, _ context: StageContext) throws(SettingsError) {
    throw settings.error(Self.mood, "not today", fix: "try tomorrow")
  }

  mutating func process(_ burst: inout Burst, _ selection: Selection) {}
}

let probes = StageRegistry([
  StageType(Indecisive.self), StageType(Maker.self), StageType(Refusing.self),
  StageType(Keeping.self),
])
