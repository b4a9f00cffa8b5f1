// SPDX-License-Identifier: BSD-3-Clause
import Testing
import Wire

@testable import Inspection

/// The tables of the summary, held against a dictionary.
struct CountingTests {
  func key(_ number: Int) -> QueuePairKey {
    var key = QueuePairKey()
    key.words = [UInt64(number % 50), UInt64(number / 7), 0, 9]
    key.number = UInt32(number % 1000)
    return key
  }

  @Test func queuePairsAreCountedWhileTheTableGrows() {
    var table = QueuePairTable()
    var expected: [QueuePairKey: UInt64] = [:]
    var dice = Dice(state: 3)
    for _ in 0..<30_000 {
      let key = key(Int.random(in: 0..<9000, using: &dice))
      for _ in 0..<Int.random(in: 1...3, using: &dice) {
        table.add(key, 10, transport: UInt8(key.number & 7), isCongested: key.number & 1 == 0)
        expected[key, default: 0] += 1
      }
    }
    #expect(table.others == 0)
    let found = table.all
    #expect(found.count == expected.count)
    #expect(found.allSatisfy { $0.count.packets == expected[$0.key] })
    #expect(found.allSatisfy { $0.count.bytes == 10 * $0.count.packets })
    #expect(found.allSatisfy { $0.congested == ($0.key.number & 1 == 0 ? $0.count.packets : 0) })
    #expect(found.allSatisfy { $0.transports == 1 << ($0.key.number & 7) })
  }

  @Test func queuePairsWithoutRoomAreCountedTogether() {
    var table = QueuePairTable(most: 100)
    for round in 1...3 {
      for number in 0..<150 {
        var key = QueuePairKey()
        key.number = UInt32(number)
        table.add(key, 1, transport: 0, isCongested: false)
      }
      #expect(table.all.count == 100)
      #expect(table.all.allSatisfy { $0.count.packets == round })
      #expect(table.others == 50 * UInt64(round))
    }
  }

  @Test func packetsAreCountedByTheirHeaders() {
    var counts = LayerCounts()
    var expected: [UInt64: UInt64] = [:]
    var dice = Dice(state: 5)
    for _ in 0..<20_000 {
      let layers = UInt64.random(in: 0..<400, using: &dice) << 10
      counts.add(Layers(rawValue: layers), 7)
      expected[layers, default: 0] += 1
    }
    #expect(counts.others.packets == 0)
    #expect(counts.entries.count == expected.count)
    #expect(counts.entries.allSatisfy { $0.count.packets == expected[$0.layers.rawValue] })
  }

  @Test func headersWithoutRoomAreCountedTogether() {
    var counts = LayerCounts()
    for layers in 0..<2000 as Range<UInt64> { counts.add(Layers(rawValue: layers), 1) }
    #expect(counts.entries.count == 512)
    #expect(counts.others.packets == 2000 - 512)
  }
}

/// The same numbers in every run (SplitMix64).
struct Dice: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
