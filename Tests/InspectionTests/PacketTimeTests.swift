// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Inspection

struct PacketTimeTests {
  @Test(
    arguments: [
      (5, 5, "0.000000000"), (0, 1, "0.000000001"), (0, 1_500_000_000, "1.500000000"),
      (7, 3, "-0.000000004"), (0, .max, "18446744073.709551615"),
    ] as [(UInt64, UInt64, String)])
  func secondsHaveNineDigits(start: UInt64, end: UInt64, text: String) {
    #expect(PacketTime.seconds(from: start, to: end) == text)
  }

  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00.000000000Z"),
      (1_709_164_800_000_000_001, "2024-02-29T00:00:00.000000001Z"),
      (4_294_967_295_999_999_999, "2106-02-07T06:28:15.999999999Z"),
      (.max, "2554-07-21T23:34:33.709551615Z"),
    ] as [(UInt64, String)])
  func datesAreInUTC(nanoseconds: UInt64, text: String) {
    #expect(PacketTime.date(nanoseconds) == text)
  }

  @Test func eachStyleCountsFromItsOwnStart() {
    let time = PacketTime(
      nanoseconds: 10_000_000_000, start: 4_000_000_000, previous: 9_000_000_000)
    #expect(time.text(.relative) == "6.000000000")
    #expect(time.text(.delta) == "1.000000000")
    #expect(time.text(.absolute) == "1970-01-01T00:00:10.000000000Z")
  }
}
