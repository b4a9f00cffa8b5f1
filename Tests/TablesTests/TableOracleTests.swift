// SPDX-License-Identifier: BSD-3-Clause
import Tables
import Testing
import Wire

/// Each kind of table against plain matching: more than a million pairs of a rule and a packet for
/// each, with ties and duplicates, rules that no packet can match, and packets without headers.
@Suite struct TableOracleTests {
  private static let rules = 200
  private static let pairs = 1_000_000

  /// Some rules over some packets.
  private struct Round {
    let packets: RandomPackets
    let selection: UInt64
    let numbers: [UInt32]
    /// What results are before the look-up.
    let before: UInt32

    var pairs: Int { selection.nonzeroBitCount * numbers.count }

    /// What each packet's result is to be.
    func expected(_ matching: (TableOracle) -> (Int) -> Bool) -> [UInt32] {
      (0..<64).map { index in
        guard selection >> UInt64(index) & 1 != 0 else { return before }
        let matches = matching(TableOracle(packets: packets, index: index))
        return numbers.indices.reduce(before) { best, rule in
          matches(rule) && numbers[rule] < best ? numbers[rule] : best
        }
      }
    }
  }

  private func round(
    _ number: Int, _ numbers: [UInt32], before: UInt32, _ random: inout SeededGenerator
  ) -> Round {
    Round(
      packets: RandomPackets(&random), selection: number % 2 == 0 ? .max : random.next(),
      numbers: numbers, before: number % 3 == 0 ? before : .max)
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
    var (hits, pairs, number) = (0, 0, 0)
    while pairs < Self.pairs {
      let fields = (0..<(1 + rules.random.below(3))).map { _ in rules.field() }
      let isIPv6 = rules.random.isOneIn(2)
      let entries = (0..<count(number)).map { _ in
        ExactTable.Rule(
          values: fields.map { rules.value($0, isIPv6: isIPv6) },
          number: UInt32(rules.random.below(1000)))
      }
      let table = try ExactTable(fields, entries)
      let round = round(number, entries.map(\.number), before: 500, &rules.random)
      let wanted = round.expected { oracle in
        let isExactly = oracle.exactly(fields)
        return { isExactly(entries[$0].values) }
      }
      let found = found(round.before) { table.lookUp(round.selection, round.packets, $0) }
      #expect(found == wanted, "\(fields)")
      hits += wanted.count { $0 != round.before }
      pairs += round.pairs
      number += 1
    }
    #expect(hits > 500)
  }

  @Test func prefixTablesFindWhatPlainMatchingFinds() throws {
    var rules = RandomRules(random: SeededGenerator(seed: 2))
    let fields = ["ip.src", "ip.dst", "ipv4.src", "ipv6.dst"].compactMap(FieldTable.field(named:))
    var (hits, pairs, number) = (0, 0, 0)
    while pairs < Self.pairs {
      let field = rules.random.pick(fields)
      let entries = (0..<count(number)).compactMap { _ in
        rules.prefix().map {
          PrefixTable.Rule(prefix: $0, number: UInt32(rules.random.below(1000)))
        }
      }
      let table = try PrefixTable(field, entries)
      let round = round(number, entries.map(\.number), before: 5, &rules.random)
      let wanted = round.expected { oracle in
        let isIn = oracle.address(field)
        return { isIn(entries[$0].prefix) }
      }
      let found = found(round.before) { table.lookUp(round.selection, round.packets, $0) }
      #expect(found == wanted, "\(field)")
      hits += wanted.count { $0 != round.before }
      pairs += round.pairs
      number += 1
    }
    #expect(hits > 500)
  }

  /// Few tables for many packets, as such a table takes long to build; one needs a long summary.
  @Test func ternaryTablesFindWhatPlainMatchingFinds() throws {
    var rules = RandomRules(random: SeededGenerator(seed: 3))
    var (hits, pairs) = (0, 0)
    for number in 0..<12 {
      rules.choosePalette()
      let tests = (0..<(number == 0 ? 4500 : count(number))).map { _ in rules.tests() }
      let numbers = tests.map { _ in UInt32(rules.random.below(1000)) }
      let table = try TernaryTable(
        zip(numbers, tests).map { TernaryRule(number: $0, tests: $1.map(\.test)) })
      for _ in 0..<(number == 0 ? 1 : 10) {
        let round = round(number, numbers, before: 5, &rules.random)
        let wanted = round.expected { oracle in { tests[$0].allSatisfy(oracle.holds) } }
        // The second time the table remembers the packets' keys.
        for _ in 0..<2 {
          let found = found(round.before) { table.lookUp(round.selection, round.packets, $0) }
          #expect(found == wanted, "table \(number)")
        }
        hits += wanted.count { $0 != round.before }
        pairs += round.pairs
      }
    }
    #expect(hits > 200 && pairs > Self.pairs)
  }
}
