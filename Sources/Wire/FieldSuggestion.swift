// SPDX-License-Identifier: BSD-3-Clause

/// The name most like `word`, when one is near enough to be worth proposing.
func closest(to word: String, among names: some Sequence<String>) -> String? {
  let wanted = Array(word.lowercased().utf8.prefix(64))
  guard !wanted.isEmpty else { return nil }
  var best: (name: String, distance: Int)?
  for name in names {
    let known = Array(name.lowercased().utf8)
    if known.starts(with: wanted), wanted.count >= 2, best == nil {
      best = (name, mostEdits(wanted.count))
    }
    let distance = editDistance(wanted, known)
    if distance <= mostEdits(wanted.count), distance < best?.distance ?? .max {
      best = (name, distance)
    }
  }
  return best?.name
}

/// One edit for every three letters: fewer and typing errors are missed, more and it guesses.
private func mostEdits(_ letters: Int) -> Int { max(1, letters / 3) }

/// Insertions, deletions and replacements that make one word the other, and swaps of neighbours.
private func editDistance(_ first: [UInt8], _ second: [UInt8]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...second.count)
  for (row, letter) in first.enumerated() {
    var current = [row + 1]
    for (column, other) in second.enumerated() {
      var edits = min(last[column + 1] + 1, current[column] + 1)
      edits = min(edits, last[column] + (letter == other ? 0 : 1))
      if row > 0, column > 0, letter == second[column - 1], first[row - 1] == other {
        edits = min(edits, beforeLast[column - 1] + 1)
      }
      current.append(edits)
    }
    (beforeLast, last) = (last, current)
  }
  return last[second.count]
}
