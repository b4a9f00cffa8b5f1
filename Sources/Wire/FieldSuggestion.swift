// SPDX-License-Identifier: BSD-3-Clause

/// The name most like `word`, when one is near enough to be worth proposing; else the first that
/// begins with it.
func closest(to word: String, among names: some Collection<String>) -> String? {
  let wanted = Array(word.lowercased().utf8.prefix(64))
  // One edit for every three letters: fewer and typing errors are missed, more and it guesses.
  let most = max(1, wanted.count / 3)
  var best: (name: String, distance: Int)?
  for name in names where abs(name.utf8.count - wanted.count) <= most && wanted.count > 1 {
    let distance = editDistance(wanted, Array(name.lowercased().utf8))
    if distance <= most, distance < best?.distance ?? .max { best = (name, distance) }
  }
  guard best == nil, wanted.count > 1 else { return best?.name }
  return names.first { $0.utf8.count > wanted.count && $0.lowercased().utf8.starts(with: wanted) }
}

/// Insertions, deletions and replacements that make one word the other, and swaps of neighbours.
private func editDistance(_ first: [UInt8], _ second: [UInt8]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...second.count)
  for row in first.indices {
    var current = [row + 1]
    for column in second.indices {
      let isSame = first[row] == second[column]
      var edits = min(last[column + 1] + 1, current[column] + 1, last[column] + (isSame ? 0 : 1))
      if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
        edits = min(edits, beforeLast[column - 1] + 1)
      }
      current.append(edits)
    }
    (beforeLast, last) = (last, current)
  }
  return last[second.count]
}
