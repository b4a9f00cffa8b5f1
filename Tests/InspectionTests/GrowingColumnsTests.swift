// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Inspection

struct GrowingColumnsTests {
  func lines(_ columns: inout GrowingColumns) -> [String] {
    String(decoding: columns.takeLines(), as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test func rowsThatAreShownTogetherAreAligned() {
    var columns = GrowingColumns([.init(isRight: true), .init(), .init(gap: 1)])
    for row in [["1", "a", "x"], ["22", "bbb", "y"], ["3", "", "z"]] { _ = columns.add(row) }
    #expect(lines(&columns) == [" 1  a   x", "22  bbb y", " 3      z"])
  }

  @Test func columnsNeverBecomeNarrower() {
    var columns = GrowingColumns([.init(), .init()])
    _ = columns.add(["long", "x"])
    #expect(lines(&columns) == ["long  x"])
    _ = columns.add(["a", "x"])
    #expect(lines(&columns) == ["a     x"])
  }

  @Test func columnsWithoutTextsTakeNoRoom() {
    var columns = GrowingColumns([.init(), .init(), .init()])
    _ = columns.add(["a", "", "c"])
    #expect(lines(&columns) == ["a  c"])
    _ = columns.add(["a", "b", "c"])
    #expect(lines(&columns) == ["a  b  c"])
  }

  @Test func aBlockOfRowsIsToldToBeReady() {
    var columns = GrowingColumns([.init()])
    let ready = (0..<GrowingColumns.block).map { _ in columns.add(["x"]) }
    #expect(ready.count { $0 } == 1)
    #expect(ready.last == true)
  }
}
