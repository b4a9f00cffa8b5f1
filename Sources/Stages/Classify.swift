// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
public import Pipeline
public import Settings
import Tables
import Wire

/// Gives packets a class and more, by rules over their fields.
public struct Classify: Stage, ~Copyable {
  public static var name: String { "classify" }
  public static var summary: String {
    "Gives packets a class, new field values, a port, a pipeline or a reason to be dropped, by the "
      + "first of its rules that matches."
  }
  public static var settings: [any SettingDeclaration] { [rules, shown] }
  public static var shorthand: String? { rules.name }
  public static var example: String {
    """
    - classify:
        rules:
          - {match: "bth.opcode == CNP", class: control}
          - {match: "roce and ip.dscp in {24, 26}", class: lossless}
          - {match: "ip.src in 10.9.0.0/16", drop: tenant-blocked}
    """
  }

  static let rules: Setting<[SettingValues]> = .list(
    "rules", of: .record(Rule.settings),
    "The rules; the one with the greatest priority that matches a packet is the packet's rule")
  static let shown: Setting<Int> = .integer(
    "shown", in: 0...1_000_000, default: 32,
    "How many rules reports list, those with the most packets")

  /// What a rule does, and what it has done.
  private struct Record {
    var packets: UInt64 = 0
    var bytes: UInt64 = 0
    let action: UInt32
    let trafficClass: TrafficClass
  }

  private var tables: RuleTables
  private var actions: RuleActions
  /// Whether counters of rules are more than the first cache should hold.
  private let isLarge: Bool
  private let records: UnsafeMutablePointer<Record>
  private let names: [String]
  private let shown: Int
  /// By packet of the burst: its rule.
  private let found: UnsafeMutablePointer<UInt32>
  private var unmatched: UInt64 = 0

  /// The bytes of a core's first cache, as small as they come today.
  private static var firstCache: Int { 32768 }

  public init(_ settings: SettingValues, _ context: StageContext) throws(SettingsError) {
    let rules = try Rule.byPrecedence(settings[Self.rules], context)
    // Who only asks which files a run writes need not wait for tables.
    let isIdle =
      context.mode == .check && !context.wantsWarnings && !context.tableMemory.isAskedFor
    let plan = isIdle ? RulePlan([]) : Self.plan(rules, settings, context)
    var numbers: [UInt32] = []
    let actions = try RuleActions(rules, context, numbers: &numbers)
    let tables = RuleTables(plan, rules.map(\.condition))
    for complaint in tables.complaints { context.explain(complaint) }
    context.tableMemory.add(tables.room.bytes)
    self.actions = actions
    self.tables = tables
    names = rules.map(\.name)
    shown = settings[Self.shown]
    isLarge = rules.count * MemoryLayout<Record>.stride > Self.firstCache
    records = .allocate(capacity: max(rules.count, 1))
    for (index, rule) in rules.enumerated() {
      (records + index).initialize(
        to: Record(action: numbers[index], trafficClass: rule.trafficClass))
    }
    found = .allocate(capacity: Burst.capacity)
  }

  deinit {
    records.deallocate()
    found.deallocate()
  }

  private static func plan(
    _ rules: [Rule], _ settings: SettingValues, _ context: StageContext
  ) -> RulePlan {
    let ways = rules.map { $0.condition.map { $0.conjunctions() } ?? [Conjunction()] }
    let plan = RulePlan(ways)
    if context.wantsWarnings {
      let report = RuleReport(rules, plan, at: settings.location(of: Self.rules))
      for line in report.lines { context.explain(line) }
      for warning in RuleReport.warnings(rules, RuleFindings(ways)) { context.warn(warning) }
    }
    return plan
  }

  public mutating func process(_ burst: inout Burst, _ selection: Selection) {
    tables.lookUp(selection.bits, burst, found)
    if isLarge { fetchRecords(selection) }
    for index in selection {
      let rule = found[index]
      burst.setRule(index, rule)
      guard rule != .max else {
        unmatched &+= 1
        continue
      }
      let record = records + Int(rule)
      record.pointee.packets &+= 1
      record.pointee.bytes &+= UInt64(burst.wireLength(index))
      if record.pointee.trafficClass != .none {
        burst.mutableHeaders(index).pointee.trafficClass = record.pointee.trafficClass
      }
      if record.pointee.action != .max { actions.add(index, to: record.pointee.action) }
    }
    actions.apply(to: &burst)
  }

  /// Thousands of rules' counters are not in the cache: all are on their way before the first one
  /// is needed.
  @inline(__always)
  private func fetchRecords(_ selection: Selection) {
    for index in selection where found[index] != .max {
      cdpdk_prefetch(records + Int(found[index]))
    }
  }

  public func figures() -> [StageFigure] {
    let hit = names.indices.filter { records[$0].packets > 0 }
    var lines: [StageFigure] = []
    lines.append(StageFigure("rules", UInt64(names.count)))
    lines.append(StageFigure("rules asked one by one", UInt64(tables.askedOneByOne)))
    lines.append(StageFigure("capacity", UInt64(tables.room.capacity)))
    lines.append(StageFigure("bytes of memory", UInt64(tables.room.bytes)))
    lines.append(StageFigure("in use", UInt64(tables.room.inUse)))
    lines.append(StageFigure("rules that matched", UInt64(hit.count)))
    lines.append(StageFigure("no rule matched", unmatched))
    let most = hit.sorted { (records[$1].packets, $0) < (records[$0].packets, $1) }.prefix(shown)
    for index in most.sorted() {
      lines.append(StageFigure("\(names[index]): packets", records[index].packets))
      lines.append(StageFigure("\(names[index]): bytes", records[index].bytes))
    }
    return lines
  }
}
