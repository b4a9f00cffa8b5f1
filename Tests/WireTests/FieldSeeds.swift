// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// Repeatable random numbers (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
    return value ^ value >> 31
  }

  mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

  mutating func isOneIn(_ count: Int) -> Bool { below(count) == 0 }

  /// Bytes that are often 0 or 255, where arithmetic has its edges.
  mutating func edgyNumber(bits: Int) -> UInt64 {
    let number = (0..<8).reduce(UInt64(0)) { number, _ in
      number << 8 | pick([0, 0xff, UInt64(below(256))])
    }
    return bits >= 64 ? number : number & ((1 << UInt64(bits)) - 1)
  }

  mutating func sparseIPv6Address() -> IPv6Address {
    let groups = (0..<8).map { _ in UInt64(isOneIn(2) ? 0 : below(65536)) }
    return IPv6Address(
      high: groups[..<4].reduce(0) { $0 << 16 | $1 }, low: groups[4...].reduce(0) { $0 << 16 | $1 })
  }
}
