// SPDX-License-Identifier: BSD-3-Clause
import Tables
import Testing
import Wire

/// Rules of many shapes over packets of many kinds, held against asking one rule after the other.
@Suite struct RuleTablesTests {
  @Test(arguments: [1, 7, 40, 150])
  func theFirstRuleThatMatchesIsFound(size: Int) throws {
    var samples = RuleSamples(random: SeededGenerator(seed: UInt64(size)))
    let conditions = try (0..<size).map { _ in try Expression.parse(samples.condition()) }
    let tables = RuleTables(RulePlan(conditions.map { $0.conjunctions() }), conditions)
    #expect(tables.complaints == [])
    let asked = conditions.map { Predicate.Box($0) }
    var (pairs, matches) = (0, 0)
    for _ in 0..<60 {
      let packets = RandomPackets(&samples.random)
      let selection = samples.random.next() | samples.random.next()
      var found = [UInt32](repeating: 77, count: 64)
      tables.lookUp(selection, packets, &found)
      let expected = plainReading(asked, packets, selection)
      for index in 0..<64 where selection >> UInt64(index) & 1 == 1 {
        #expect(found[index] == expected[index], "\(size) rules, packet \(index)")
        matches += found[index] == .max ? 0 : 1
      }
      pairs += size * selection.nonzeroBitCount
    }
    #expect(matches > 0 || size == 1)
    #expect(pairs > 2000 * size)
  }

  fileprivate func plainReading(
    _ conditions: [Predicate.Box], _ packets: RandomPackets, _ selection: UInt64
  ) -> [UInt32] {
    var result = [UInt32](repeating: .max, count: 64)
    for (number, condition) in conditions.enumerated().reversed() {
      var matched = condition.predicate.evaluate(selection, packets)
      while matched != 0 {
        result[matched.trailingZeroBitCount] = UInt32(number)
        matched &= matched - 1
      }
    }
    return result
  }

  @Test func rulesThatAreAlikeShareATable() throws {
    let exact = (0..<100).map { "ip.src == 10.0.0.\($0) and udp.dst == \($0)" }
    let blocks = (0..<50).map { "ip.dst in 10.\($0).0.0/16" }
    let ranges = (0..<20).map { "udp.dst in \($0)..\($0 + 40) and ip.ttl > \($0)" }
    let conditions = try (exact + blocks + ranges + ["not udp.dst == 3 or ip.dscp == 2"])
      .map { try Expression.parse($0) }
    let plan = RulePlan(conditions.map { $0.conjunctions() })
    #expect(plan.exact.map(\.entries.count) == [100])
    #expect(plan.exact.first?.fields.map(\.name) == ["ipv4.src", "udp.dst"])
    #expect(plan.prefixes.map(\.entries.count) == [50])
    #expect(plan.ternary.count == 1)
  }

  @Test func aFewRulesAreAskedOneByOne() throws {
    let conditions = try ["udp", "tcp", "udp.dst == 5"].map { try Expression.parse($0) }
    let plan = RulePlan(conditions.map { $0.conjunctions() })
    #expect(plan.program.map(\.rule) == [0, 1, 2])
    #expect(plan.program.allSatisfy { $0.reason == .few })
  }
}

extension Predicate {
  /// A predicate that an array can hold.
  fileprivate final class Box {
    let predicate: Predicate

    init(_ expression: Expression) { predicate = Predicate(expression) }
  }
}
