// SPDX-License-Identifier: BSD-3-Clause
import Presentation
import Testing

@Suite struct FigureTests {
  @Test(arguments: [
    (UInt64(0), "0"), (7, "7"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"),
    (UInt64.max, "18,446,744,073,709,551,615"),
  ])
  func countsHaveCommas(value: UInt64, text: String) { #expect(Figure.count(value) == text) }

  @Test(arguments: [
    (0.0, "0 B"), (1, "1 B"), (999, "999 B"), (999.5, "1.00 KB"), (1000, "1 KB"), (1234, "1.23 KB"),
    (12_345, "12.3 KB"), (123_456, "123 KB"), (999_499, "999 KB"), (999_500, "1.00 MB"),
    (4e9, "4 GB"), (1e12, "1 TB"), (1e15, "1 PB"), (2.5e18, "2500 PB"),
  ])
  func scaledNumbersHaveThreeDigits(value: Double, text: String) {
    #expect(Figure.scaled(value, "B") == text)
  }

  @Test(arguments: [
    (0.0, "0 ns"), (5e-9, "5 ns"), (1.5e-6, "1.50 us"), (0.25, "250 ms"), (1, "1 s"),
    (3661.4, "3661 s"),
  ])
  func secondsHaveTheirUnit(value: Double, text: String) {
    #expect(Figure.seconds(value) == text)
  }

  @Test func ratioWithoutDenominatorIsADash() {
    #expect(Figure.ratio(10, 0) == "-")
    #expect(Figure.ratio(10, 4) == "2.5")
    #expect(Figure.ratio(0, 4) == "0.0")
    #expect(Figure.ratio(.max, 1) != "")
  }

  @Test(arguments: [Double.infinity, .nan, 1e300, .greatestFiniteMagnitude])
  func hugeNumbersDoNotTrap(value: Double) {
    #expect(!Figure.scaled(value, "B").isEmpty)
    #expect(!Figure.seconds(value).isEmpty)
  }
}

@Suite struct TextTableTests {
  @Test func columnsAreAsWideAsTheirWidestText() {
    var table = TextTable([.left, .right])
    table.add("port", "received")
    table.add("a", "7")
    #expect(table.lines() == ["port  received", "a            7"])
  }

  @Test func linesEndWithTheirText() {
    var table = TextTable([.left, .left])
    table.add("a", "")
    table.add("long", "b")
    #expect(table.lines(indent: 2) == ["  a", "  long  b"])
  }

  @Test func rowsMayBeShort() {
    var table = TextTable([.left, .right, .left])
    table.add("one")
    table.add("two", "2", "zwei")
    #expect(table.lines() == ["one", "two  2  zwei"])
  }

  @Test func tableWithoutRowsHasNoLines() { #expect(TextTable([.left]).lines() == []) }
}
