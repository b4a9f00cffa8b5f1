// SPDX-License-Identifier: BSD-3-Clause

/// Writes down of a row of bits the words that are not 0.
struct TernaryRow {
  /// Words of the summary.
  let summary: Int

  /// A bit for each word that is not 0.
  func summary(of row: [UInt64]) -> [UInt64] {
    var bits = [UInt64](repeating: 0, count: summary)
    for (block, word) in row.enumerated() where word != 0 {
      bits[block / 64] |= 1 << UInt64(block % 64)
    }
    return bits
  }

  func written(_ row: [UInt64]) -> [UInt64] {
    let bits = summary(of: row)
    var counts = [UInt64](repeating: 0, count: (summary + 3) / 4)
    var count = 0
    for (word, bits) in bits.enumerated() {
      counts[word / 4] |= UInt64(count) << UInt64(word % 4 * 16)
      count += bits.nonzeroBitCount
    }
    return bits + counts + row.filter { $0 != 0 }
  }
}
