// SPDX-License-Identifier: BSD-3-Clause
import Congestion
import Testing

@Suite("Headroom") struct HeadroomTests {
  @Test func eachTermIsWhatComesInItsTime() {
    // 50 bytes a nanosecond, and 1 us of cable there and back.
    let headroom = Headroom(
      bitRate: 400_000_000_000, meters: 100, mtu: 9000, response: 1000)
    #expect(headroom.terms.map(\.bytes) == [9042, 9042, 84, 50_000, 50_000, 9042])
    #expect(headroom.bytes == 127_210)
  }

  @Test func aPartOfAByteIsAByte() {
    // 1 ns at 10 Gb/s are 1.25 bytes.
    let headroom = Headroom(bitRate: 10_000_000_000, meters: 0, mtu: 1500, response: 1)
    #expect(headroom.terms.map(\.bytes) == [1542, 1542, 84, 0, 2, 1542])
  }

  @Test func linesAddUpToTheSum() throws {
    let headroom = Headroom(
      bitRate: 100_000_000_000, meters: 3, mtu: 4200, response: 500)
    let numbers = headroom.lines.compactMap {
      $0.split(separator: " ").first.flatMap { UInt64($0) }
    }
    #expect(numbers.count == 7)
    #expect(numbers.last == numbers.dropLast().reduce(0, +))
    #expect(headroom.lines[3] == "375 bytes: the cable, there and back: 2 x 3 m x 5 ns/m")
  }

  @Test func noRateIsTooHigh() {
    let headroom = Headroom(bitRate: .max, meters: 1_000_000, mtu: 9000, response: .max)
    #expect(headroom.bytes > 1 << 40)
  }
}
