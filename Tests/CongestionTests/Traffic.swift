// SPDX-License-Identifier: BSD-3-Clause
import Congestion

/// Packets at random times, the same for the same seed: in clumps, at an even pace, and after
/// pauses.
struct Traffic {
  struct Packet {
    var time: UInt64
    var bytes: UInt64
    var color: MeterColor
  }

  private var state: UInt64
  private var time: UInt64
  private let largest: UInt64
  /// About as long as the rate needs for a packet.
  private let spacing: UInt64

  init(seed: UInt64, start: UInt64, largest: UInt64, bytesPerSecond: UInt64) {
    state = seed
    time = start
    self.largest = largest
    spacing = max(largest * 1_000_000_000 / bytesPerSecond, 1)
  }

  /// Marsaglia's xorshift64.
  mutating func random(below limit: UInt64) -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state % limit
  }

  mutating func next() -> Packet {
    let pace = random(below: 100)
    let pause =
      pace < 40 ? 0 : pace < 90 ? random(below: spacing * 2) : random(below: spacing * 40)
    time += pause
    let color = MeterColor.allCases[Int(random(below: 3))]
    return Packet(time: time, bytes: 1 + random(below: largest), color: color)
  }
}
