// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Runtime

@Suite struct SimulationPlotTests {
  func points(_ values: [Double]) -> [(x: Double, y: Double)] {
    let plot = SimulationPlot(title: "t", unit: "B", lines: [.init(name: "l", values: values)])
    let line = plot.elements(top: 0, seconds: 1).first { $0.hasPrefix("<polyline") } ?? ""
    let text = line.split(separator: "points=\"").last?.prefix { $0 != "\"" } ?? ""
    return text.split(separator: " ").map { point in
      let parts = point.split(separator: ",").compactMap { Double($0) }
      return (parts[0], parts[1])
    }
  }

  @Test func aLineIsAsHighAsItsValues() {
    let points = points([0, 50, 100])
    #expect(points.map(\.y) == [260, 145, 30])
    #expect(abs(points[2].x - 2 * points[1].x + points[0].x) < 0.2)
  }

  @Test func manyValuesSharePointsAtTheirMean() {
    let points = points((0..<60_000).map { $0 % 2 == 0 ? 0 : 100 })
    #expect(points.count == 6000)
    #expect(points.allSatisfy { $0.y == points[0].y })
  }

  @Test func allZeroIsALineAtTheBottom() {
    #expect(points([0, 0]).map(\.y) == [260, 260])
  }
}
