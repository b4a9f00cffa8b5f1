// SPDX-License-Identifier: BSD-3-Clause

/// The queue pairs with most bytes among many, without keeping all of them.
struct Heaviest {
  private let count: Int
  private var kept: [(bytes: UInt64, number: Int)] = []
  /// Who has fewer bytes is none of them.
  private var least: UInt64 = 0

  init(count: Int) { self.count = count }

  mutating func add(_ number: Int, bytes: UInt64) {
    guard bytes >= least, count > 0 else { return }
    kept.append((bytes, number))
    if kept.count >= 2 * count + 64 { cut() }
  }

  private mutating func cut() {
    kept.sort { ($1.bytes, $0.number) < ($0.bytes, $1.number) }
    kept.removeLast(max(kept.count - count, 0))
    if kept.count == count, let last = kept.last { least = last.bytes + 1 }
  }

  /// The heaviest first; of equal ones, that with the lower number.
  var numbers: [Int] {
    var all = self
    all.cut()
    return all.kept.map(\.number)
  }
}
