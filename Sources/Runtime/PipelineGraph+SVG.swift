// SPDX-License-Identifier: BSD-3-Clause
import Presentation

extension PipelineGraph {
  /// A picture in three kinds of column: input ports, pipelines one after the other, output ports.
  public var svg: String {
    let columns = ([inputs] + pipelines.map { [$0] } + [outputs]).filter { !$0.isEmpty }
    var frames: [String: Frame] = [:]
    var left = Self.gap
    for column in columns {
      let width = column.map(Self.width).max() ?? 0
      var top = Self.gap
      for box in column {
        let height = Double(box.lines.count) * Self.lineHeight + 2 * Self.padding
        frames[box.name] = Frame(x: left, y: top, width: width, height: height)
        top += height + Self.gap
      }
      left += width + 2 * Self.gap
    }
    let width = left
    let height = (frames.values.map { $0.y + $0.height }.max() ?? 0) + Self.gap
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(Int(width))\" "
        + "height=\"\(Int(height))\" font-family=\"monospace\" font-size=\"13\">",
      "<defs><marker id=\"tip\" markerWidth=\"9\" markerHeight=\"8\" refX=\"8\" refY=\"4\" "
        + "orient=\"auto\"><path d=\"M0,0 L9,4 L0,8 z\"/></marker></defs>",
      "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>",
    ]
    for arrow in arrows {
      if let from = frames[arrow.from], let to = frames[arrow.to] {
        lines.append(Self.path(from, to))
      }
    }
    for box in inputs + pipelines + outputs {
      if let frame = frames[box.name] { lines += Self.draw(box, in: frame) }
    }
    return (lines + ["</svg>"]).joined(separator: "\n")
  }

  private struct Frame {
    var x, y, width, height: Double
  }

  private static let gap = 30.0
  private static let padding = 10.0
  private static let lineHeight = 18.0
  /// The width of one character of the font.
  private static let advance = 8.0

  private static func width(of box: Box) -> Double {
    Double(box.lines.map(\.count).max() ?? 0) * advance + 2 * padding
  }

  private static func path(_ from: Frame, _ to: Frame) -> String {
    let (x1, y1) = (from.x + from.width, from.y + from.height / 2)
    let (x2, y2) = (to.x, to.y + to.height / 2)
    let middle = (x1 + x2) / 2
    return "<path d=\"M\(x1),\(y1) C\(middle),\(y1) \(middle),\(y2) \(x2),\(y2)\" "
      + "fill=\"none\" stroke=\"black\" marker-end=\"url(#tip)\"/>"
  }

  private static func draw(_ box: Box, in frame: Frame) -> [String] {
    var lines = [
      "<rect x=\"\(frame.x)\" y=\"\(frame.y)\" width=\"\(frame.width)\" "
        + "height=\"\(frame.height)\" rx=\"4\" fill=\"#f4f6f8\" stroke=\"black\"/>"
    ]
    for (index, text) in box.lines.enumerated() {
      let y = frame.y + padding + lineHeight * (Double(index) + 0.75)
      let weight = index == 0 ? " font-weight=\"bold\"" : ""
      lines.append(
        "<text x=\"\(frame.x + padding)\" y=\"\(y)\"\(weight)>\(Markup.escaped(text))</text>")
    }
    return lines
  }
}
