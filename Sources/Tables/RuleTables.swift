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

  /// - Parameter conditions: by precedence; nil matches every packet.
  public init(_ plan: RulePlan, _ conditions: [Expression?]) {
    var left = Set(plan.program.map(\.rule))
    var complaints: [String] = []
    var exact = TableList<ExactTable>(capacity: plan.exact.count)
    for table in plan.exact {
      do throws(TableError) {
        exact.append(try ExactTable(table))
      } catch {
        left.formUnion(table.entries.map(\.rule))
        complaints.append("no table for \(table.entries.count) rules: \(error)")
      }
    }
    var prefixes = TableList<PrefixTable>(capacity: plan.prefixes.count)
    for table in plan.prefixes {
      do throws(TableError) {
        prefixes.append(try PrefixTable(table))
      } catch {
        left.formUnion(table.entries.map(\.rule))
        complaints.append("no table for \(table.entries.count) rules: \(error)")
      }
    }
    var ternary = TableList<TernaryTable>(capacity: plan.ternary.count)
    for table in plan.ternary {
      do throws(TableError) {
        ternary.append(try TernaryTable(table.rules))
      } catch {
        left.formUnion(table.rules.map(\.number))
        complaints.append("no table for \(table.rules.count) rules: \(error)")
      }
    }
    self.exact = exact
    self.prefixes = prefixes
    self.ternary = ternary
    self.complaints = complaints
    program = RuleProgram(
      left.sorted().compactMap { rule in conditions[Int(rule)].map { ($0, rule) } })
    always = plan.always ?? .max
  }

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
    program.lookUp(selection, source, results)
  }
}

/// Tables side by side in plain memory.
@usableFromInline
struct TableList<Table: ~Copyable>: ~Copyable {
  @usableFromInline let start: UnsafeMutablePointer<Table>
  @usableFromInline private(set) var count = 0

  init(capacity: Int) { start = .allocate(capacity: max(capacity, 1)) }

  deinit { start.deinitialize(count: count).deallocate() }

  mutating func append(_ table: consuming Table) {
    (start + count).initialize(to: table)
    count += 1
  }
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
