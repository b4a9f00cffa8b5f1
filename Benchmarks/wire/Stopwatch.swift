// SPDX-License-Identifier: BSD-3-Clause

/// Times work on packets in memory that the second level cache holds.
struct Stopwatch {
  private let packets: [UnsafeRawPointer]

  init(count: Int = 32) {
    // Headers begin behind 14 bytes of Ethernet; pages are not a whole packet apart.
    let room = 4352
    let memory = UnsafeMutableRawPointer.allocate(byteCount: count * room, alignment: 64)
    for offset in 0..<(count * room) {
      let byte = UInt8(truncatingIfNeeded: offset &* 40503 >> 7)
      memory.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
    }
    packets = (0..<count).map { UnsafeRawPointer(memory + $0 * room + 14) }
  }

  /// The cycles for each packet in the best of many rounds; no packet waits for the one before.
  @inline(__always)
  func least(_ work: (UnsafeRawPointer) -> UInt32) -> Double {
    var least = UInt64.max
    var sum: UInt32 = 0
    for _ in 0..<5000 {
      let start = ticks()
      for _ in 0..<8 {
        for packet in packets { sum ^= work(packet) }
      }
      least = min(least, ticks() - start)
    }
    // Nothing that is worked out goes unused.
    if sum == 0x1234_5678 { print(sum) }
    return Double(least) / Double(8 * packets.count)
  }
}
