// SPDX-License-Identifier: BSD-3-Clause

/// Which rules agree with each value of a chunk: ascending ranges of values, each with a row that
/// has a bit for each rule. The bits of rules that ask for nothing stay 0.
struct ChunkRows {
  /// That of the range that `next` has gone to.
  private(set) var row: [UInt64]
  /// Equal rows have equal signatures; of 65,536 rows that two others have, the odds are 2^97 to 1.
  private(set) var signature: UInt128 = 0
  private let end: Int
  /// By value: the rules that begin or cease to agree there are `changes[starts[value]...]`, up to
  /// where those of the next value begin.
  private var starts: [Int]
  private var changes: [Int32]
  private var position = 0

  /// - Parameter tests: By rule, what it asks of the chunk.
  init(_ tests: [ChunkTest], width: Int) {
    row = [UInt64](repeating: 0, count: max((tests.count + 63) / 64, 1))
    end = 1 << width
    var rules: [ChunkTest: [Int32]] = [:]
    for (rule, test) in tests.enumerated() where !test.asksForNothing {
      rules[test, default: []].append(Int32(rule))
    }
    let ranges = rules.map { (ranges: $0.key.accepted(width: width), rules: $0.value) }
    // Counted before they are put down, so that they lie side by side without being sorted.
    starts = [Int](repeating: 0, count: end + 3)
    for (ranges, rules) in ranges {
      for range in ranges {
        starts[range.lowerBound + 2] += rules.count
        starts[range.upperBound + 3] += rules.count
      }
    }
    for value in 1..<starts.count { starts[value] += starts[value - 1] }
    changes = [Int32](repeating: 0, count: starts[end + 2])
    for (ranges, rules) in ranges {
      for range in ranges {
        put(rules, at: range.lowerBound)
        put(rules, at: range.upperBound + 1)
      }
    }
  }

  /// While changes are put down, `starts[value + 1]` says where the next one of `value` goes.
  private mutating func put(_ rules: [Int32], at value: Int) {
    for rule in rules {
      changes[starts[value + 1]] = rule
      starts[value + 1] += 1
    }
  }

  mutating func next() -> Range<Int>? {
    guard position < end else { return nil }
    let first = position
    for change in changes[starts[first]..<starts[first + 1]] {
      row[Int(change) / 64] ^= 1 << UInt64(change % 64)
      signature ^= Self.signature(of: UInt64(change))
    }
    repeat { position += 1 } while position < end && starts[position] == starts[position + 1]
    return first..<position
  }

  private static func signature(of rule: UInt64) -> UInt128 {
    let first = foldedProduct(rule ^ 0x9e37_79b9_7f4a_7c15, 0xe703_7ed1_a0b4_28db)
    let high = foldedProduct(first ^ 0xd6e8_feb8_6659_fd93, 0x8ebc_6af0_9c88_c6e3)
    let low = foldedProduct(high ^ 0xa076_1d64_78bd_642f, 0xff51_afd7_ed55_8ccd)
    return UInt128(high) << 64 | UInt128(low)
  }
}
