// SPDX-License-Identifier: BSD-3-Clause
public import Settings
import Wire

/// A kind of stage as the registry knows it: its description, and how to build one.
public struct StageType: Sendable {
  public let description: StageDescription
  public let headers: HeaderUse
  /// Whether the stage may keep packets.
  public let holds: Bool
  private let build:
    @Sendable (SettingValues, Expression?, Place, StageContext) throws(SettingsError) -> Node

  /// Where a new stage goes: its number on the worker, and its counters.
  struct Place {
    let number: UInt16
    let counters: UnsafeMutablePointer<StageCounters>
  }

  public init<S: Stage & ~Copyable>(_ type: S.Type) {
    self.init(type, holds: false) { (settings, condition, place, context) throws(SettingsError) in
      let stage = try S(settings, context)
      return StageNode(stage, when: condition.map { Predicate($0) }, at: place)
    }
  }

  public init<S: HoldingStage & ~Copyable>(_ type: S.Type) {
    self.init(type, holds: true) { (settings, condition, place, context) throws(SettingsError) in
      let stage = try S(settings, context)
      return HoldingNode(stage, when: condition.map { Predicate($0) }, at: place)
    }
  }

  private init<S: Stage & ~Copyable>(
    _ type: S.Type, holds: Bool,
    build:
      @escaping @Sendable (SettingValues, Expression?, Place, StageContext) throws(SettingsError)
      -> Node
  ) {
    description = StageDescription(
      name: S.name, summary: S.summary, settings: S.settings, shorthand: S.shorthand,
      example: S.example, isFinal: S.isFinal)
    headers = S.headers
    self.holds = holds
    self.build = build
  }

  /// What a stage with these settings would complain of, without running it.
  public func problem(with settings: SettingValues, in context: StageContext) -> SettingsError? {
    let counters = CounterBlock(repeating: StageCounters(), count: 1)
    do throws(SettingsError) {
      _ = try build(settings, nil, Place(number: 0, counters: counters.pointer), context)
      return nil
    } catch {
      return error
    }
  }

  func makeNode(
    _ settings: SettingValues, when condition: Expression?, at place: Place,
    _ context: StageContext
  ) throws(SettingsError) -> Node {
    try build(settings, condition, place, context)
  }
}

/// The stages that a pipeline file can name.
public struct StageRegistry: Sendable {
  /// In the order in which they are shown to users.
  public let types: [StageType]
  private let byName: [String: StageType]

  /// Later types replace earlier ones of the same name, so that an outsider's stage wins.
  public init(_ types: [StageType]) {
    byName = Dictionary(types.map { ($0.description.name, $0) }) { _, later in later }
    var seen: Set<String> = []
    let kept = types.filter { seen.insert($0.description.name).inserted }
    self.types = kept.compactMap { [byName] in byName[$0.description.name] }
  }

  public subscript(name: String) -> StageType? { byName[name] }

  public var descriptions: [StageDescription] { types.map(\.description) }
}
