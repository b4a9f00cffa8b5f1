// SPDX-License-Identifier: BSD-3-Clause

/// Which rules agree with each value of a chunk: ascending ranges of values, each with a row that
/// has a bit for each rule. The bits of rules that ask for nothing stay 0.
struct ChunkRows: Sequence, IteratorProtocol {
  private var row: [UInt64]
  private let end: Int
  /// Where something changes, ascending, and which rules begin or cease to agree there.
  private let starts: [Int]
  private let changes: [Int: [Int]]
  private var position = 0

  /// - Parameter tests: By rule, what it asks of the chunk.
  init(_ tests: [ChunkTest], width: Int) {
    row = [UInt64](repeating: 0, count: Swift.max((tests.count + 63) / 64, 1))
    end = 1 << width
    var rules: [ChunkTest: [Int]] = [:]
    for (rule, test) in tests.enumerated() where !test.asksForNothing {
      rules[test, default: []].append(rule)
    }
    var changes: [Int: [Int]] = [0: []]
    for (test, rules) in rules {
      for range in test.accepted(width: width) {
        changes[range.lowerBound, default: []] += rules
        changes[range.upperBound + 1, default: []] += rules
      }
    }
    self.changes = changes
    starts = changes.keys.filter { $0 < 1 << width }.sorted()
  }

  mutating func next() -> (values: Range<Int>, row: [UInt64])? {
    guard position < starts.count else { return nil }
    let start = starts[position]
    position += 1
    for rule in changes[start] ?? [] { row[rule / 64] ^= 1 << UInt64(rule % 64) }
    return (start..<(position < starts.count ? starts[position] : end), row)
  }
}
