// SPDX-License-Identifier: BSD-3-Clause

/// Turns keys into 64 bits that look random. Who does not know the seed cannot choose keys that
/// meet in one bucket.
///
/// Products of 64 by 64 bits whose halves are folded, as in wyhash (Wang Yi): three of them take
/// less time than a burst's packets leave between each other.
@frozen
public struct FlowHash: BitwiseCopyable, Sendable {
  @usableFromInline let first: UInt64
  @usableFromInline let second: UInt64
  @usableFromInline let third: UInt64
  @usableFromInline let fourth: UInt64
  /// What words 1 to 3 come to when they are 0.
  @usableFromInline let rest: UInt64

  public init(seed: UInt64) {
    var state = seed
    // A factor of few bits would mix badly.
    func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      let mixed = foldedProduct(state ^ 0x2d35_8dcc_aa6c_78a5, 0x8bb8_4b93_962e_acc9)
      return foldedProduct(mixed, state ^ 0x4b33_a62e_d433_d4a3) | 1
    }
    first = next()
    second = next()
    third = next()
    fourth = next()
    rest = foldedProduct(third, fourth) ^ first
  }

  @inlinable @inline(__always)
  public func callAsFunction(_ key: FlowKey) -> UInt64 {
    let source = foldedProduct(key.words[0] ^ first, key.words[1] ^ second)
    let destination = foldedProduct(key.words[2] ^ third, key.words[3] ^ fourth)
    return foldedProduct(source ^ key.words[4], destination ^ first)
  }

  /// The hash of a key in which only the first and the last word are not 0.
  @inlinable @inline(__always)
  func narrow(_ one: UInt64, _ last: UInt64) -> UInt64 {
    foldedProduct(foldedProduct(one ^ first, second) ^ last, rest)
  }
}
