// SPDX-License-Identifier: BSD-3-Clause

/// Which rules agree with each value of a chunk: ascending ranges of values, each with a row that
/// has a bit for each rule. The bits of rules that ask for nothing stay 0.
struct ChunkRows: Sequence, IteratorProtocol {
  private var row: [UInt64]
  private let end: Int
  /// By value: the rules that begin or cease to agree there are `changes[starts[value]...]`, up to
  /// where those of the next value begin.
  private var starts: [Int]
  private var changes: [Int32]
  private var position = 0

  /// - Parameter tests: By rule, what it asks of the chunk.
  init(_ tests: [ChunkTest], width: Int) {
    row = [UInt64](repeating: 0, count: Swift.max((tests.count + 63) / 64, 1))
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

  mutating func next() -> (values: Range<Int>, row: [UInt64])? {
    guard position < end else { return nil }
    let first = position
    for change in changes[starts[first]..<starts[first + 1]] {
      row[Int(change) / 64] ^= 1 << UInt64(change % 64)
    }
    repeat { position += 1 } while position < end && starts[position] == starts[position + 1]
    return (first..<position, row)
  }
}
