// SPDX-License-Identifier: BSD-3-Clause

/// Finds what somebody may have meant by a word that does not exist.
public enum Spelling {
  /// The candidate most like `word`, when one is near enough to be worth proposing; else the
  /// first that begins with it.
  public static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    let wanted = letters(word)
    guard !wanted.isEmpty, wanted.count <= longest else { return nil }
    return mostAlike(wanted, candidates) ?? beginning(with: wanted, candidates)
  }

  private static func beginning(
    with wanted: [UInt8], _ candidates: some Sequence<String>
  ) -> String? {
    guard wanted.count > 1 else { return nil }
    return candidates.prefix(mostCandidates).first { letters($0).starts(with: wanted) }
  }

  private static func mostAlike(
    _ wanted: [UInt8], _ candidates: some Sequence<String>
  ) -> String? {
    var best: (name: String, distance: Int)?
    for candidate in candidates.prefix(mostCandidates) {
      let count = candidate.utf8.count
      let limit = min(best.map { $0.distance - 1 } ?? threshold(wanted), count - 1)
      guard count <= longest, limit >= 0, abs(count - wanted.count) <= limit else { continue }
      let distance = distance(wanted, letters(candidate))
      if distance <= limit { best = (candidate, distance) }
    }
    return best?.name
  }

  private static let longest = 64
  private static let mostCandidates = 4096

  private static func threshold(_ word: [UInt8]) -> Int {
    word.count <= 2 ? 1 : min(3, (word.count + 1) / 3)
  }

  /// Case, and `_` for `-`, are never what tells two words apart.
  private static func letters(_ word: String) -> [UInt8] {
    word.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte + 32
      case UInt8(ascii: "_"): UInt8(ascii: "-")
      default: byte
      }
    }
  }

  /// Edits, with two swapped neighbours counted as one (Damerau-Levenshtein, restricted).
  static func distance(_ first: [UInt8], _ second: [UInt8]) -> Int {
    var beforeLast = [Int](repeating: 0, count: second.count + 1)
    var last = Array(0...second.count)
    for (row, letter) in first.enumerated() {
      var current = [row + 1]
      for (column, other) in second.enumerated() {
        var cost = min(last[column + 1] + 1, current[column] + 1)
        cost = min(cost, last[column] + (letter == other ? 0 : 1))
        if row > 0, column > 0, letter == second[column - 1], other == first[row - 1] {
          cost = min(cost, beforeLast[column - 1] + 1)
        }
        current.append(cost)
      }
      beforeLast = last
      last = current
    }
    return last[second.count]
  }
}
