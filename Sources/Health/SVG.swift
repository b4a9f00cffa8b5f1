// SPDX-License-Identifier: BSD-3-Clause
import Presentation

/// Elements of a picture, as text. Colors are the page's, by class.
enum SVG {
  static func picture(width: Double, height: Double, label: String, _ elements: [String]) -> String
  {
    "<svg viewBox=\"0 0 \(number(width)) \(number(height))\" role=\"img\" "
      + "aria-label=\"\(Markup.escaped(label))\">\n" + elements.joined(separator: "\n") + "\n</svg>"
  }

  static func text(
    _ x: Double, _ y: Double, _ text: String, anchor: String = "start", class kind: String = ""
  ) -> String {
    let style = kind.isEmpty ? "" : " class=\"\(kind)\""
    return "<text x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\"\(style)>"
      + "\(Markup.escaped(text))</text>"
  }

  static func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, class kind: String
  ) -> String {
    "<path class=\"\(kind)\" d=\"M\(number(x1)) \(number(y1))L\(number(x2)) \(number(y2))\"/>"
  }

  /// - Parameter title: what a pointer over it shows.
  static func box(
    _ x: Double, _ y: Double, width: Double, height: Double, class kind: String,
    opacity: Double? = nil, title: String
  ) -> String {
    let opacity = opacity.map { " fill-opacity=\"\(Self.number($0))\"" } ?? ""
    return "<rect class=\"\(kind)\"\(opacity) x=\"\(number(x))\" y=\"\(number(y))\" "
      + "width=\"\(number(width))\" height=\"\(number(height))\">"
      + "<title>\(Markup.escaped(title))</title></rect>"
  }

  /// A number with two decimal places at most.
  static func number(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e9 else { return "0" }
    let hundredths = Int((value * 100).rounded())
    let sign = hundredths < 0 ? "-" : ""
    let (whole, rest) = (abs(hundredths) / 100, abs(hundredths) % 100)
    if rest == 0 { return "\(sign)\(whole)" }
    if rest % 10 == 0 { return "\(sign)\(whole).\(rest / 10)" }
    return "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }
}
