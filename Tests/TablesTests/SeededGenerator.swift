// SPDX-License-Identifier: BSD-3-Clause
import Pipeline
import Wire

/// Random choices that are the same in every run.
typealias SeededGenerator = SplitMix64

extension SplitMix64 {
  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

  mutating func isOneIn(_ count: Int) -> Bool { below(count) == 0 }

  // Few different values, so that rules and packets meet.

  mutating func ipv4() -> IPv4Address {
    IPv4Address(value: 10 << 24 | (0..<3).reduce(0) { value, _ in value << 8 | pick([0, 1, 255]) })
  }

  mutating func ipv6() -> IPv6Address {
    IPv6Address(
      high: pick([0xfd00 << 48, 0xfd00_0000_0001_0000, 0]), low: pick([0, 1, 2, .max, 10 << 24]))
  }

  mutating func port() -> UInt16 { pick([53, 80, 4791, 4792, UInt16(below(8))]) }
}
