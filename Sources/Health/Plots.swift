// SPDX-License-Identifier: BSD-3-Clause
import Presentation
import Telemetry

/// Lines over time, each value until the next.
struct LinePlot {
  struct Line {
    var name: String
    var values: [Double]
  }

  var label: String
  var unit: String
  var lines: [Line]
  /// How long a value lasts, and when the first one begins, in seconds.
  var interval: Double
  var start: Double

  /// More lines have no colors of their own.
  static let most = 8
  static let points = 320

  var html: String {
    let count = lines.map(\.values.count).max() ?? 0
    let highest = max(lines.flatMap(\.values).max() ?? 0, 1e-9)
    let step = PlotField.step(highest, parts: 4)
    let top = (highest / step).rounded(.up) * step
    let field = PlotField(
      horizontal: start...(start + max(Double(count), 1) * interval), vertical: 0...top)
    let rules = field.rules {
      Figure.seconds($0)
    } up: {
      Self.label($0, unit)
    }
    let drawn = lines.prefix(Self.most).enumerated().map { place, line in
      "<path class=\"line c\(place)\" d=\"\(path(line, field))\"/>"
    }
    let legend = lines.prefix(Self.most).enumerated().map { place, line in
      "<span><i class=\"c\(place)\"></i>\(Markup.escaped(line.name))</span>"
    }
    return "<figure>" + field.picture(label, rules + drawn)
      + "<figcaption class=\"legend\">\(legend.joined())</figcaption></figure>"
  }

  /// There is no half of a packet.
  static func label(_ value: Double, _ unit: String) -> String {
    unit.isEmpty && value != value.rounded() ? "" : Figure.scaled(value, unit)
  }

  /// Only where the value changes.
  private func path(_ line: Line, _ field: PlotField) -> String {
    var text = "M\(SVG.number(field.x(start))) \(SVG.number(field.y(line.values.first ?? 0)))"
    for (place, value) in line.values.enumerated().dropFirst()
    where value != line.values[place - 1] {
      text += "H\(SVG.number(field.x(start + Double(place) * interval)))"
      text += "V\(SVG.number(field.y(value)))"
    }
    return text + "H\(SVG.number(field.x(start + Double(line.values.count) * interval)))"
  }
}

/// Sequence numbers over time, each kind in a color of its own.
struct SequencePlot {
  var series: QueuePairSeries
  /// Seconds since the first packet.
  var seconds: (UInt64) -> Double

  var html: String {
    let numbers = unwrapped
    let times = series.sequence.map { seconds($0.time) }
    guard let first = times.first, let last = times.last,
      let lowest = numbers.min(), let highest = numbers.max()
    else { return "" }
    let field = PlotField(
      horizontal: first...max(last, first + 1e-6), vertical: lowest...max(highest, lowest + 1))
    let rules = field.rules {
      Figure.seconds($0)
    } up: {
      Self.sequence($0)
    }
    let drawn = SequencePoint.Kind.allCases.map { kind in
      let points = series.sequence.indices.filter { series.sequence[$0].kind == kind }
      let path = points.map {
        "M\(SVG.number(field.x(times[$0]))) \(SVG.number(field.y(numbers[$0])))h0"
      }
      return "<path class=\"dots \(kind.name)\" d=\"\(path.joined())\"/>"
    }
    let legend = SequencePoint.Kind.allCases.map {
      "<span><i class=\"\($0.name)\"></i>\($0.label)</span>"
    }
    return "<figure><h3>\(Markup.escaped("\(series.name)"))</h3>"
      + field.picture("sequence numbers over time", rules + drawn)
      + "<figcaption class=\"legend\">\(legend.joined())</figcaption></figure>"
  }

  /// Without the jump where sequence numbers begin anew after 2^24.
  private var unwrapped: [Double] {
    var number = Int(series.sequence.first?.sequence ?? 0)
    return series.sequence.map { point in
      let distance = Int(
        Int32(bitPattern: (point.sequence &- UInt32(number & 0xff_ffff)) << 8) >> 8)
      number += distance
      return Double(number)
    }
  }

  private static func sequence(_ value: Double) -> String {
    "\(Int(value.rounded()) & 0xff_ffff)"
  }
}

extension SequencePoint.Kind {
  fileprivate var label: String {
    switch self {
    case .inOrder: "in order"
    case .sentAgain: "sent again"
    case .late: "late"
    case .behindGap: "behind a gap"
    }
  }
}

/// How often values came, over a logarithmic scale.
struct HistogramPlot {
  var distribution: Distribution

  private static let bars = 44

  var html: String {
    let histogram = distribution.histogram
    let lowest = Self.scaled(histogram.minimum)
    let highest = max(Self.scaled(histogram.maximum), lowest + 0.5)
    var counts = [Double](repeating: 0, count: Self.bars)
    for bucket in histogram.buckets {
      let middle = bucket.lowest + (min(bucket.highest, histogram.maximum) &- bucket.lowest) / 2
      let share = (Self.scaled(middle) - lowest) / (highest - lowest)
      counts[min(max(Int(share * Double(Self.bars)), 0), Self.bars - 1)] += Double(bucket.count)
    }
    let most = max(counts.max() ?? 0, 1)
    var field = PlotField(horizontal: lowest...highest, vertical: 0...most)
    (field.width, field.height, field.left) = (420, 190, 60)
    let width = (highest - lowest) / Double(Self.bars)
    let drawn = counts.indices.filter { counts[$0] > 0 }.map { place in
      bar(counts[place], from: lowest + Double(place) * width, width, field)
    }
    let rules = field.rules { _ in
      ""
    } up: {
      LinePlot.label($0, "")
    }
    return "<figure><h3>\(distribution.kind.label)</h3>"
      + field.picture(distribution.kind.label, rules + drawn + marks(field))
      + "<figcaption>\(caption(histogram))</figcaption></figure>"
  }

  private func bar(
    _ count: Double, from value: Double, _ width: Double, _ field: PlotField
  ) -> String {
    let (left, right) = (field.x(value), field.x(value + width))
    let top = min(field.y(count), field.bottom - 1)
    let unit = distribution.kind.unit
    let ends = "\(unit.text(Self.value(value))) to \(unit.text(Self.value(value + width)))"
    return SVG.box(
      left, top, width: max(right - left - 1, 1), height: field.bottom - top, class: "bar",
      title: "\(ends): \(Figure.count(UInt64(count)))")
  }

  /// What values are at four places of the scale.
  private func marks(_ field: PlotField) -> [String] {
    (0...3).map { place in
      let range = field.horizontal
      let value = range.lowerBound + (range.upperBound - range.lowerBound) * Double(place) / 3
      let anchor = place == 0 ? "start" : place == 3 ? "end" : "middle"
      let text = distribution.kind.unit.text(Self.value(value).rounded())
      return SVG.text(field.x(value), field.bottom + 18, text, anchor: anchor)
    }
  }

  private func caption(_ histogram: HistogramSnapshot) -> String {
    let unit = distribution.kind.unit
    return "\(Figure.count(histogram.count)) values, mean \(unit.text(histogram.mean)), "
      + "p50 \(unit.text(histogram.quantile(0.5))), p99 \(unit.text(histogram.quantile(0.99))), "
      + "max \(unit.text(histogram.maximum))"
  }

  /// The logarithm to the base of 2 of 1 more, so that 0 has a place.
  private static func scaled(_ value: UInt64) -> Double {
    let value = Double(value) + 1
    return Double(value.exponent) + (value.significand - 1)
  }

  private static func value(_ scaled: Double) -> Double {
    let whole = scaled.rounded(.down)
    return Double(sign: .plus, exponent: Int(whole), significand: 1 + scaled - whole) - 1
  }
}

/// Events on the time line, a lane for each kind.
struct TimelinePlot {
  var events: [TelemetryEvent]
  var end: Double
  var seconds: (UInt64) -> Double

  var html: String {
    let kinds = TelemetryEvent.Kind.allCases.filter { kind in events.contains { $0.kind == kind } }
    var field = PlotField(horizontal: 0...max(end, 1e-6), vertical: 0...1)
    field.left = 150
    field.height = Double(kinds.count) * 26 + 42
    let lanes = kinds.enumerated().flatMap { lane, kind -> [String] in
      let y = field.top + Double(lane) * 26
      let boxes = events.filter { $0.kind == kind }.map { event in
        let left = field.x(seconds(event.start))
        let right = max(field.x(seconds(event.end)), left + 4)
        return SVG.box(
          left, y + 5, width: right - left, height: 16, class: "event",
          title: "\(event.place): \(event.evidenceText)")
      }
      return [
        SVG.line(field.left, y + 26, field.right, y + 26, class: "rule"),
        SVG.text(field.left - 8, y + 17, kind.name, anchor: "end"),
      ] + boxes
    }
    return "<figure>"
      + field.picture("events over time", lanes + field.horizontalRules { Figure.seconds($0) })
      + "</figure>"
  }
}

/// Who sent how much to whom: the darker, the more.
struct MatrixPlot {
  var pairs: [AddressPair]

  private static let most = 16
  private static let cell = 34.0

  var html: String {
    let sources = busiest { $0.source }
    let destinations = busiest { $0.destination }
    guard let heaviest = pairs.map(\.bytes).max(), heaviest > 0 else { return "" }
    let left = 14 + 7.2 * Double(sources.map(\.count).max() ?? 0)
    let top = 20 + 5.2 * Double(destinations.map(\.count).max() ?? 0)
    let width = left + Self.cell * Double(destinations.count) + top
    let height = top + Self.cell * Double(sources.count) + 6
    let rows = sources.enumerated().map { row, source in
      SVG.text(left - 8, top + (Double(row) + 0.62) * Self.cell, source, anchor: "end")
    }
    let columns = destinations.enumerated().map { column, destination in
      let x = left + (Double(column) + 0.5) * Self.cell
      return "<g transform=\"translate(\(SVG.number(x)) \(SVG.number(top - 8))) rotate(-45)\">"
        + SVG.text(0, 0, destination) + "</g>"
    }
    let cells = pairs.compactMap { pair -> String? in
      guard let row = sources.firstIndex(of: pair.source),
        let column = destinations.firstIndex(of: pair.destination)
      else { return nil }
      return SVG.box(
        left + Double(column) * Self.cell + 1, top + Double(row) * Self.cell + 1,
        width: Self.cell - 2, height: Self.cell - 2, class: "bar",
        opacity: 0.12 + 0.88 * Double(pair.bytes) / Double(heaviest),
        title: "\(pair.source) to \(pair.destination): \(Figure.bytes(pair.bytes))")
    }
    let picture = SVG.picture(
      width: width, height: height, label: "traffic matrix", rows + columns + cells)
    return "<figure><div style=\"max-width:\(Int(width))px\">\(picture)</div><figcaption>"
      + "rows send, columns receive; the heaviest cell has "
      + "\(Figure.bytes(heaviest))</figcaption></figure>"
  }

  /// The addresses with most bytes, in the order of their names.
  private func busiest(_ end: (AddressPair) -> String) -> [String] {
    var bytes: [String: UInt64] = [:]
    for pair in pairs { bytes[end(pair), default: 0] &+= pair.bytes }
    return bytes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.most).map(\.key)
      .sorted()
  }
}
