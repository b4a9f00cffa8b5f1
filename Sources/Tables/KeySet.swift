// SPDX-License-Identifier: BSD-3-Clause

/// The different keys of rules, each with the lowest number among its rules.
struct KeySet: ~Copyable {
  let width: Int
  let words: UnsafeMutablePointer<UInt64>
  let numbers: UnsafeMutablePointer<UInt32>
  private(set) var count = 0

  init(_ layout: MatchKeyLayout, _ rules: [ExactTable.Rule]) {
    width = layout.width
    words = .allocate(capacity: max(rules.count * width, 1))
    numbers = .allocate(capacity: max(rules.count, 1))
    var indices: [[UInt64]: Int] = [:]
    indices.reserveCapacity(rules.count)
    for rule in rules {
      guard let key = layout.key(rule.values) else { continue }
      if let index = indices[key] {
        numbers[index] = min(numbers[index], rule.number)
      } else {
        indices[key] = count
        for (word, value) in key.enumerated() { words[count * width + word] = value }
        numbers[count] = rule.number
        count += 1
      }
    }
  }

  deinit {
    words.deallocate()
    numbers.deallocate()
  }
}
