// SPDX-License-Identifier: BSD-3-Clause
import Foundation

/// Values that are spread in one of the ways in which traffic is, or in the worst way there is.
enum Shape: CaseIterable {
  case uniform, exponential, zipf, constant, edges

  /// The same for the same seed.
  func values(_ count: Int, seed: UInt64) -> [UInt64] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in value(&generator) }
  }

  private func value(_ generator: inout SeededGenerator) -> UInt64 {
    switch self {
    case .uniform: .random(in: 0...1_000_000_000, using: &generator)
    case .exponential: UInt64(-log(Double.random(in: 1e-12...1, using: &generator)) * 50_000)
    // Of exponent 1: the share of what is at most n grows with the logarithm of n.
    case .zipf: UInt64(pow(1e6, Double.random(in: 0...1, using: &generator)))
    case .constant: 4_158
    case .edges: edge(&generator)
    }
  }

  /// Where one bucket ends and the next begins.
  private func edge(_ generator: inout SeededGenerator) -> UInt64 {
    let power = UInt64(1) << UInt64.random(in: 0..<40, using: &generator)
    let part = power / 8 * UInt64.random(in: 8..<16, using: &generator)
    return max(power, part) &- UInt64.random(in: 0...1, using: &generator)
  }
}

/// The same numbers for the same seed: SplitMix64 (Steele, Lea, Flood 2014).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }
}
