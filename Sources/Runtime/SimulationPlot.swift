// SPDX-License-Identifier: BSD-3-Clause
import Presentation

extension SimulationRecord {
  /// A picture: rates of the queue pairs, and bytes of the queues, over time.
  public var svg: String {
    let pairs = rates.indices.map {
      SimulationPlot.Line(name: "queue pair \($0 + 1)", values: rates[$0])
    }
    let queues = queueNames.indices.map {
      SimulationPlot.Line(name: queueNames[$0], values: depths[$0].map { Double($0) })
    }
    let plots = [
      SimulationPlot(title: "rate", unit: "bit/s", lines: pairs),
      SimulationPlot(title: "queue", unit: "B", lines: queues),
    ].filter { !$0.lines.isEmpty }
    let seconds = Double(UInt64(count) * interval) / 1e9
    let height = Double(plots.count) * SimulationPlot.height
    let drawn = plots.enumerated().flatMap { place, plot in
      plot.elements(top: Double(place) * SimulationPlot.height, seconds: seconds)
    }
    return
      ([
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(Int(SimulationPlot.width))\" "
          + "height=\"\(Int(height))\" font-family=\"sans-serif\" font-size=\"12\">",
        "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>",
      ] + drawn + ["</svg>"])
      .joined(separator: "\n") + "\n"
  }
}

/// One field of lines over time.
struct SimulationPlot {
  struct Line {
    var name: String
    var values: [Double]
  }

  let title: String
  let unit: String
  let lines: [Line]

  static let width = 860.0
  static let height = 300.0
  private static let left = 90.0
  private static let right = 40.0
  private static let above = 30.0
  private static let below = 40.0
  /// More lines than these are not told apart by color and legend.
  private static let named = 8
  private static let colors = [
    "#1f77b4", "#d62728", "#2ca02c", "#ff7f0e", "#9467bd", "#8c564b", "#17becf", "#7f7f7f",
  ]
  /// So many points a picture has at most, or so many for each line.
  private static let points = (all: 6000, ofLine: 150)

  func elements(top: Double, seconds: Double) -> [String] {
    let lines = lines.map { Line(name: $0.name, values: thinned($0.values)) }
    let most = Self.roundedUp(max(lines.flatMap(\.values).max() ?? 0, 1))
    let bottom = top + Self.height - Self.below
    let field = bottom - top - Self.above
    var elements = [Self.text(Self.left, top + 18, title, "start")]
    for step in 0...4 {
      let y = bottom - field * Double(step) / 4
      elements.append(Self.rule(Self.left, y, Self.width - Self.right, y))
      let value = Figure.scaled(most * Double(step) / 4, unit)
      elements.append(Self.text(Self.left - 6, y + 4, value, "end"))
    }
    for step in 0...5 {
      let x = Self.left + (Self.width - Self.left - Self.right) * Double(step) / 5
      let value = Figure.seconds(seconds * Double(step) / 5)
      elements.append(Self.text(x, bottom + 16, value, "middle"))
    }
    for (place, line) in lines.enumerated() {
      let isNamed = lines.count <= Self.named
      let color = isNamed ? Self.colors[place % Self.colors.count] : Self.colors[0]
      elements.append(
        path(line, color, isNamed ? 1 : 0.35, bottom: bottom, field: field / most))
      guard isNamed else { continue }
      let x = Self.left + 60 + Double(place) * 95
      elements.append(Self.text(x, top + 18, line.name, "start", color))
    }
    return elements
  }

  /// Fewer values, each the mean of some that follow each other.
  private func thinned(_ values: [Double]) -> [Double] {
    let most = max(Self.points.all / lines.count, Self.points.ofLine)
    let width = max(1, (values.count + most - 1) / most)
    return stride(from: 0, to: values.count, by: width).map { place in
      let some = values[place..<min(place + width, values.count)]
      return some.reduce(0, +) / Double(some.count)
    }
  }

  private func path(
    _ line: Line, _ color: String, _ opacity: Double, bottom: Double, field: Double
  ) -> String {
    let width = Self.width - Self.left - Self.right
    let points = line.values.enumerated().map { place, value in
      let x = Self.left + width * Double(place + 1) / Double(line.values.count)
      return "\(Self.rounded(x)),\(Self.rounded(bottom - value * field))"
    }
    return "<polyline fill=\"none\" stroke=\"\(color)\" stroke-opacity=\"\(opacity)\" points=\""
      + points.joined(separator: " ") + "\"/>"
  }

  /// The next number whose quarters are short to write.
  private static func roundedUp(_ value: Double) -> Double {
    var step = 1.0
    while step * 10 < value { step *= 10 }
    // A little more than a round number, as rates of samples are, does not count.
    return [1, 2, 4, 6, 8].lazy.map { $0 * step }.first { $0 * 1.01 >= value } ?? step * 10
  }

  private static func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }

  private static func rule(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> String {
    "<line x1=\"\(x1)\" y1=\"\(rounded(y1))\" x2=\"\(x2)\" y2=\"\(rounded(y2))\" stroke=\"#ddd\"/>"
  }

  private static func text(
    _ x: Double, _ y: Double, _ text: String, _ anchor: String, _ color: String = "black"
  ) -> String {
    "<text x=\"\(rounded(x))\" y=\"\(rounded(y))\" text-anchor=\"\(anchor)\" fill=\"\(color)\">"
      + "\(Markup.escaped(text))</text>"
  }
}
