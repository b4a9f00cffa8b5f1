// SPDX-License-Identifier: BSD-3-Clause

/// A text of metrics as Prometheus reads them: its own text format 0.0.4, or OpenMetrics 1.0.
struct Exposition {
  enum Format: Sendable {
    case text, openMetrics

    /// By what the request says it accepts.
    init(accepting accept: String) {
      let wanted = accept.split(separator: ",").contains { part in
        let words = part.split(separator: ";").map { $0.filter { $0 != " " } }
        return words.first == "application/openmetrics-text" && !words.contains("q=0")
      }
      self = wanted ? .openMetrics : .text
    }

    var contentType: String {
      switch self {
      case .text: "text/plain; version=0.0.4; charset=utf-8"
      case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
      }
    }
  }

  enum Kind: String {
    case counter, gauge, histogram
  }

  typealias Labels = KeyValuePairs<String, String>

  private let format: Format
  private var lines = ""
  /// Of the family at hand.
  private var name = ""
  private var kind = Kind.gauge

  init(_ format: Format) { self.format = format }

  /// The whole text.
  var text: String { format == .openMetrics ? lines + "# EOF\n" : lines }

  /// Begins a family; its samples follow. A counter's name is given without `_total`.
  mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
    (self.name, self.kind) = (name, kind)
    let shown = kind == .counter && format == .text ? name + "_total" : name
    lines += "# HELP \(shown) \(escaped(help))\n# TYPE \(shown) \(kind.rawValue)\n"
  }

  mutating func add(_ value: UInt64, _ labels: Labels = [:]) { add(sample: "\(value)", labels) }

  mutating func add(_ value: Double, _ labels: Labels = [:]) {
    add(sample: Self.number(value), labels)
  }

  private mutating func add(sample: String, _ labels: Labels) {
    lines += name + (kind == .counter ? "_total" : "")
    lines += labelled(labels.map { ($0, $1) }) + " \(sample)\n"
  }

  /// The only histogram of its family: how many values are at most so large, and all together.
  mutating func add(buckets: [(limit: Double, count: UInt64)], count: UInt64, sum: Double) {
    for (limit, count) in buckets {
      lines += "\(name)_bucket\(labelled([("le", Self.number(limit))])) \(count)\n"
    }
    lines += "\(name)_bucket\(labelled([("le", "+Inf")])) \(count)\n"
    lines += "\(name)_sum \(Self.number(sum))\n\(name)_count \(count)\n"
  }

  private func labelled(_ labels: [(String, String)]) -> String {
    guard !labels.isEmpty else { return "" }
    let parts = labels.map { "\($0)=\"\(escaped($1, quotes: true))\"" }
    return "{" + parts.joined(separator: ",") + "}"
  }

  /// In a help text quotes are escaped in OpenMetrics only.
  private func escaped(_ text: String, quotes: Bool = false) -> String {
    let escapesQuotes = quotes || format == .openMetrics
    var result = ""
    for character in text {
      switch character {
      case "\\": result += "\\\\"
      case "\n", "\r\n": result += "\\n"
      case "\"" where escapesQuotes: result += "\\\""
      default: result.append(character)
      }
    }
    return result
  }

  /// As Go writes it, which is how OpenMetrics wants the limits of buckets: `1.024e-06`, `64.0`,
  /// `1.048576e+06`.
  static func number(_ value: Double) -> String {
    let plain = "\(value)"
    guard abs(value) >= 1e6, value.isFinite, let dot = plain.firstIndex(of: "."),
      !plain.contains("e")
    else { return plain }
    let sign = value < 0 ? "-" : ""
    let whole = plain[..<dot].drop { $0 == "-" }
    var digits = String(whole) + plain[plain.index(after: dot)...]
    while digits.last == "0" { digits.removeLast() }
    let exponent = whole.count - 1
    let rest = digits.dropFirst()
    return sign + String(digits.prefix(1)) + (rest.isEmpty ? "" : "." + rest)
      + "e+" + (exponent < 10 ? "0" : "") + "\(exponent)"
  }
}
