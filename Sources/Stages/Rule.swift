// SPDX-License-Identifier: BSD-3-Clause
import Pipeline
import Settings
import Wire

/// A rule of `classify` as it was written.
struct Rule {
  static let id: Setting<String?> = .identifier("id", "What reports call the rule")
  static let match: Setting<Expression?> = .expression(
    "match", "Which packets the rule is for; all when left out")
  static let priority: Setting<Int> = .integer(
    "priority", in: -1_000_000...1_000_000, default: 0,
    "The greater wins; among equals the one that is written first")
  static let trafficClass: Setting<String?> = .identifier(
    "class", "What the packets are called, for conditions of later stages")
  static let assignments: Setting<[FieldAssignment]?> = .assignments(
    "set", "Fields to write, as in stage `set`")
  static let drop: Setting<String?> = .identifier("drop", "Drop the packets for this reason")
  static let send: Setting<String?> = .port("send", "Send the packets to this port")
  static let jump: Setting<String?> = .pipeline("jump", "Go on in this pipeline")

  static var settings: [any SettingDeclaration] {
    [id, match, priority, trafficClass, assignments, drop, send, jump]
  }

  let settings: SettingValues
  let priority: Int
  let condition: Expression?
  let trafficClass: TrafficClass

  init(_ settings: SettingValues, _ context: StageContext) throws(SettingsError) {
    self.settings = settings
    priority = settings[Self.priority]
    condition = settings[Self.match]
    trafficClass = try settings.trafficClass(Self.trafficClass, context) ?? .none
  }

  var id: String? { settings[Self.id] }

  /// What to call the rule: its id, or the line that it stands in.
  var name: String {
    id ?? settings.location.map { "line \($0.line)" } ?? "rule"
  }

  /// `line 7`, with the file where the rule is in a file of its own.
  func place(beside other: SourceLocation?) -> String {
    guard let location = settings.location else { return name }
    return location.source === other?.source ? "line \(location.line)" : location.description
  }

  /// The winners first.
  static func byPrecedence(
    _ rules: [SettingValues], _ context: StageContext
  ) throws(SettingsError) -> [Rule] {
    var result: [Rule] = []
    result.reserveCapacity(rules.count)
    for rule in rules { result.append(try Rule(rule, context)) }
    try refuseTwins(among: result)
    // The sort must be stable, which the standard library's is, though it does not promise it.
    return result.enumerated()
      .sorted { ($1.element.priority, $0.offset) < ($0.element.priority, $1.offset) }
      .map(\.element)
  }

  private static func refuseTwins(among rules: [Rule]) throws(SettingsError) {
    var places: [String: Rule] = [:]
    for rule in rules {
      guard let id = rule.id else { continue }
      if let first = places.updateValue(rule, forKey: id) {
        let place = first.place(beside: rule.settings.location)
        throw rule.settings.error(Self.id, "the rule at \(place) has the id '\(id)' too")
      }
    }
  }
}
