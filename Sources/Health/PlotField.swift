// SPDX-License-Identifier: BSD-3-Clause
import Presentation

/// The field of a plot: where values lie in it, its rules and what stands at them.
struct PlotField {
  var width = 860.0
  var height = 240.0
  var left = 84.0
  /// The values at the field's edges.
  var horizontal: ClosedRange<Double>
  var vertical: ClosedRange<Double>

  private static let right = 14.0
  private static let above = 10.0
  private static let below = 26.0

  /// What lies between the rules is a round number.
  static func step(_ span: Double, parts: Double) -> Double {
    guard span > 0, span.isFinite else { return 1 }
    var step = 1.0
    while step * 10 <= span / parts { step *= 10 }
    while step > span / parts, step > 1e-12 { step /= 10 }
    return [1, 2, 5, 10].map { $0 * step }.first { $0 * parts >= span } ?? step * 10
  }

  var right: Double { width - Self.right }
  var top: Double { Self.above }
  var bottom: Double { height - Self.below }

  func x(_ value: Double) -> Double {
    left + (right - left) * share(value, horizontal)
  }

  func y(_ value: Double) -> Double {
    bottom - (bottom - top) * share(value, vertical)
  }

  private func share(_ value: Double, _ range: ClosedRange<Double>) -> Double {
    let span = range.upperBound - range.lowerBound
    return span > 0 ? min(max((value - range.lowerBound) / span, 0), 1) : 0.5
  }

  /// Rules at round numbers.
  func rules(
    across: (Double) -> String, up: (Double) -> String
  ) -> [String] {
    Self.marks(vertical, parts: 4).flatMap { value in
      [
        SVG.line(left, y(value), right, y(value), class: "rule"),
        SVG.text(left - 8, y(value) + 4, up(value), anchor: "end"),
      ]
    } + horizontalRules(across)
  }

  func horizontalRules(_ label: (Double) -> String) -> [String] {
    Self.marks(horizontal, parts: width > 600 ? 8 : 4).flatMap { value in
      [
        SVG.line(x(value), bottom, x(value), bottom + 4, class: "axis"),
        SVG.text(x(value), bottom + 18, label(value), anchor: "middle"),
      ]
    } + [SVG.line(left, bottom, right, bottom, class: "axis")]
  }

  private static func marks(_ range: ClosedRange<Double>, parts: Double) -> [Double] {
    let step = step(range.upperBound - range.lowerBound, parts: parts)
    let first = (range.lowerBound / step).rounded(.up)
    let last = (range.upperBound / step + 1e-9).rounded(.down)
    guard last >= first, last - first < 50 else { return [] }
    // What is divided by a whole number is as near to the round number as can be.
    return (0...Int(last - first)).map {
      step < 1 ? (first + Double($0)) / (1 / step).rounded() : (first + Double($0)) * step
    }
  }

  func picture(_ label: String, _ elements: [String]) -> String {
    SVG.picture(width: width, height: height, label: label, elements)
  }
}
