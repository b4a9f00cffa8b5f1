// SPDX-License-Identifier: BSD-3-Clause
public import Wire

/// All rules of one classifier, in the tables that suit them.
public struct RuleTables: ~Copyable {
  @usableFromInline let exact: TableList<ExactTable>
  @usableFromInline let prefixes: TableList<PrefixTable>
  @usableFromInline let ternary: TableList<TernaryTable>
  @usableFromInline let program: RuleProgram
  @usableFromInline let always: UInt32
  /// What could not be had, for people: the rules are asked one after the other instead.
  public let complaints: [String]
  /// What the tables take.
  public let room: TableRoom

  /// - Parameter conditions: by precedence; nil matches every packet.
  public init(_ plan: RulePlan, _ conditions: [Expression?]) {
    var rest = RulesWithoutTable(rules: Set(plan.program.map(\.rule)))
    let exact = TableList(plan.exact, &rest, rules: \.rules) { plan throws(TableError) in
      try ExactTable(plan)
    }
    let prefixes = TableList(plan.prefixes, &rest, rules: \.rules) { plan throws(TableError) in
      try PrefixTable(plan)
    }
    let ternary = TableList(plan.ternary, &rest, rules: \.numbers) { plan throws(TableError) in
      try TernaryTable(plan.rules)
    }
    var room = TableRoom()
    for index in 0..<exact.count { room += exact.start[index].room }
    for index in 0..<prefixes.count { room += prefixes.start[index].room }
    for index in 0..<ternary.count { room += ternary.start[index].room }
    self.room = room
    self.exact = exact
    self.prefixes = prefixes
    self.ternary = ternary
    complaints = rest.complaints
    program = RuleProgram(
      rest.rules.sorted().compactMap { rule in conditions[Int(rule)].map { ($0, rule) } })
    always = plan.always ?? .max
  }

  /// How many rules are in no table.
  public var askedOneByOne: Int { program.count }

  /// By packet, the number of the first rule that it meets, or `.max`.
  @inlinable
  public func lookUp<Source: PacketSource & ~Copyable>(
    _ selection: UInt64, _ source: borrowing Source, _ results: UnsafeMutablePointer<UInt32>
  ) {
    var bits = selection
    while bits != 0 {
      results[bits.trailingZeroBitCount] = always
      bits &= bits &- 1
    }
    for index in 0..<exact.count { exact.start[index].lookUp(selection, source, results) }
    for index in 0..<prefixes.count { prefixes.start[index].lookUp(selection, source, results) }
    for index in 0..<ternary.count { ternary.start[index].lookUp(selection, source, results) }
    let hasTables = exact.count + prefixes.count + ternary.count > 0
    program.lookUp(selection, source, results, common: hasTables ? nil : always)
  }
}

/// Tables side by side in plain memory.
@usableFromInline
struct TableList<Table: ~Copyable>: ~Copyable {
  @usableFromInline let start: UnsafeMutablePointer<Table>
  @usableFromInline private(set) var count = 0

  /// A table for each plan that one can be made for.
  init<Plan>(
    _ plans: [Plan], _ rest: inout RulesWithoutTable, rules: (Plan) -> [UInt32],
    make: (Plan) throws(TableError) -> Table
  ) {
    start = .allocate(capacity: max(plans.count, 1))
    for plan in plans {
      do throws(TableError) {
        (start + count).initialize(to: try make(plan))
        count += 1
      } catch {
        rest.add(rules(plan), error)
      }
    }
  }

  deinit { start.deinitialize(count: count).deallocate() }
}

/// The rules that are asked one after the other, and why the tables that were meant for them are
/// not there.
struct RulesWithoutTable {
  private(set) var rules: Set<UInt32>
  private(set) var complaints: [String] = []

  init(rules: Set<UInt32>) { self.rules = rules }

  mutating func add(_ rules: [UInt32], _ error: TableError) {
    self.rules.formUnion(rules)
    complaints.append("no table for \(rules.count) rules: \(error)")
  }
}

extension RulePlan.Exact {
  fileprivate var rules: [UInt32] { entries.map(\.rule) }
}

extension RulePlan.Prefix {
  fileprivate var rules: [UInt32] { entries.map(\.rule) }
}

extension RulePlan.Ternary {
  fileprivate var numbers: [UInt32] { rules.map(\.number) }
}

extension ExactTable {
  fileprivate init(_ plan: RulePlan.Exact) throws(TableError) {
    let rules = plan.entries.map { entry in
      Rule(
        values: zip(plan.fields, entry.values).map { $0.value(ofBits: $1) }, number: entry.rule)
    }
    try self.init(plan.fields, rules)
  }
}

extension PrefixTable {
  fileprivate init(_ plan: RulePlan.Prefix) throws(TableError) {
    try self.init(plan.field, plan.entries.map { Rule(prefix: $0.prefix, number: $0.rule) })
  }
}
