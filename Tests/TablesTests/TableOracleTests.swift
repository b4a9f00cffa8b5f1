// SPDX-License-Identifier: BSD-3-Clause
import Tables
import Testing
import Wire

/// Each kind of table against plain matching: a million pairs of a rule and a packet, with ties and
/// duplicates, rules that no packet can match, and packets without headers.
@Suite struct TableOracleTests {
  private static let rounds = 48
  private static let rules = 200

  /// What each packet's result is to be, from `before` and the numbers of the rules it matches.
  private func expected(
    _ selection: UInt64, _ packets: RandomPackets, _ numbers: [UInt32], _ before: UInt32,
    _ matches: (TableOracle, Int) -> Bool
  ) -> [UInt32] {
    (0..<64).map { index in
      guard selection >> UInt64(index) & 1 != 0 else { return before }
      let oracle = TableOracle(packets: packets, index: index)
      return numbers.indices.reduce(before) { best, rule in
        numbers[rule] < best && matches(oracle, rule) ? numbers[rule] : best
      }
    }
  }

  private func found(_ before: UInt32, _ lookUp: (UnsafeMutablePointer<UInt32>) -> Void) -> [UInt32]
  {
    var results = [UInt32](repeating: before, count: 64)
    results.withUnsafeMutableBufferPointer { $0.baseAddress.map(lookUp) }
    return results
  }

  /// In some rounds all rules, in others a few: tables of one rule have edges of their own.
  private func count(_ round: Int, of many: Int = rules) -> Int {
    round % 8 == 7 ? round / 8 % 3 : many
  }

  @Test func exactTablesFindWhatPlainMatchingFinds() throws {
    var rules = RandomRules(random: SeededGenerator(seed: 1))
    var hits = 0
    for round in 0..<Self.rounds {
      let fields = (0..<(1 + rules.random.below(3))).map { _ in rules.field() }
      let isIPv6 = rules.random.isOneIn(2)
      let entries = (0..<count(round)).map { _ in
        ExactTable.Rule(
          values: fields.map { rules.value($0, isIPv6: isIPv6) },
          number: UInt32(rules.random.below(1000)))
      }
      let table = try ExactTable(fields, entries)
      let packets = RandomPackets(&rules.random)
      let selection = round % 2 == 0 ? .max : rules.random.next()
      let before: UInt32 = round % 3 == 0 ? 500 : .max
      let wanted = expected(selection, packets, entries.map(\.number), before) {
        $0.matches(fields, entries[$1])
      }
      #expect(found(before) { table.lookUp(selection, packets, $0) } == wanted, "\(fields)")
      hits += wanted.count { $0 != before }
    }
    #expect(hits > 200)
  }

  @Test func prefixTablesFindWhatPlainMatchingFinds() throws {
    var rules = RandomRules(random: SeededGenerator(seed: 2))
    let fields = ["ip.src", "ip.dst", "ipv4.src", "ipv6.dst"].compactMap(FieldTable.field(named:))
    var hits = 0
    for round in 0..<Self.rounds {
      let field = rules.random.pick(fields)
      let entries = (0..<count(round)).compactMap { _ in
        rules.prefix().map {
          PrefixTable.Rule(prefix: $0, number: UInt32(rules.random.below(1000)))
        }
      }
      let table = try PrefixTable(field, entries)
      let packets = RandomPackets(&rules.random)
      let selection = round % 2 == 0 ? .max : rules.random.next()
      let before: UInt32 = round % 3 == 0 ? 5 : .max
      let wanted = expected(selection, packets, entries.map(\.number), before) {
        $0.matches(field, entries[$1])
      }
      #expect(found(before) { table.lookUp(selection, packets, $0) } == wanted, "\(field)")
      hits += wanted.count { $0 != before }
    }
    #expect(hits > 200)
  }

  @Test func ternaryTablesFindWhatPlainMatchingFinds() throws {
    var rules = RandomRules(random: SeededGenerator(seed: 3))
    var hits = 0
    // Few rounds of many rules, as such a table takes long to build; one needs a long summary.
    for round in 0..<12 {
      rules.choosePalette()
      let tests = (0..<(round == 0 ? 4500 : count(round, of: 200))).map { _ in rules.tests() }
      let numbers = tests.map { _ in UInt32(rules.random.below(1000)) }
      let table = try TernaryTable(
        zip(numbers, tests).map { TernaryRule(number: $0, tests: $1.map(\.test)) })
      let packets = RandomPackets(&rules.random)
      let selection = round % 2 == 0 ? .max : rules.random.next()
      let before: UInt32 = round % 3 == 0 ? 5 : .max
      let wanted = expected(selection, packets, numbers, before) { oracle, rule in
        tests[rule].allSatisfy(oracle.holds)
      }
      // The second time the table remembers the packets' keys.
      for _ in 0..<2 {
        #expect(found(before) { table.lookUp(selection, packets, $0) } == wanted, "round \(round)")
      }
      hits += wanted.count { $0 != before }
    }
    #expect(hits > 200)
  }
}
