// SPDX-License-Identifier: BSD-3-Clause

/// Which boxes a value of one chunk agrees with: values that agree with the same ones are a class,
/// and each class has a row of bits, one for each box.
struct ChunkClasses {
  /// By value of the chunk.
  private(set) var classes: [UInt16] = []
  private(set) var rows: [[UInt64]] = []

  /// - Parameter tests: By box, what it asks of the chunk.
  init(_ tests: [ChunkTest], width: Int, rowLimit: Int) throws(TableError) {
    var row = [UInt64](repeating: 0, count: max((tests.count + 63) / 64, 1))
    for (box, test) in tests.enumerated() where test.asksForNothing { Self.toggle(box, &row) }
    var known: [[UInt64]: UInt16] = [:]
    classes.reserveCapacity(1 << width)
    for (values, boxes) in Self.changes(tests, width: width) {
      for box in boxes { Self.toggle(box, &row) }
      let number: UInt16
      if let old = known[row] {
        number = old
      } else {
        guard rows.count < rowLimit else {
          throw TableError("\(tests.count) ternary rules take too much memory")
        }
        number = UInt16(rows.count)
        known[row] = number
        rows.append(row)
      }
      classes.append(contentsOf: repeatElement(number, count: values.count))
    }
  }

  private static func toggle(_ box: Int, _ row: inout [UInt64]) {
    row[box / 64] ^= 1 << UInt64(box % 64)
  }

  /// Ascending ranges of values, each with the boxes that begin or cease to agree where it begins.
  private static func changes(_ tests: [ChunkTest], width: Int) -> [(Range<Int>, [Int])] {
    var boxes: [ChunkTest: [Int]] = [:]
    for (box, test) in tests.enumerated() where !test.asksForNothing {
      boxes[test, default: []].append(box)
    }
    let end = 1 << width
    var changes: [Int: [Int]] = [0: []]
    for (test, boxes) in boxes {
      for range in test.accepted(width: width) {
        changes[range.lowerBound, default: []] += boxes
        if range.upperBound + 1 < end { changes[range.upperBound + 1, default: []] += boxes }
      }
    }
    let places = changes.keys.sorted()
    return zip(places, places.dropFirst() + [end]).map { start, next in
      (start..<next, changes[start] ?? [])
    }
  }
}
