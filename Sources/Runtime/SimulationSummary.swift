// SPDX-License-Identifier: BSD-3-Clause
import Presentation

/// What a simulation comes to, without the time in which it settled.
public struct SimulationSummary: Sendable {
  public struct Rates: Sendable {
    public var total: Double
    public var least: Double
    public var most: Double
    /// Jain's index: 1 where all have the same, 1/n where one has everything.
    public var fairness: Double
  }

  public struct Depth: Sendable {
    public var name: String
    public var least: UInt64
    /// Of all samples one in a hundred is below, half are, and all but one in a hundred.
    public var low: UInt64
    public var median: UInt64
    public var high: UInt64
    public var most: UInt64
    /// Of samples at which the queue was empty.
    public var emptyShare: Double
  }

  public struct Cable: Sendable {
    public var name: String
    public var rate: Double
  }

  /// Seconds that it is of.
  public var seconds: Double
  public var queuePairs: Int
  public var rates: Rates
  public var depths: [Depth]
  public var cables: [Cable]
}

extension SimulationRecord {
  var summary: SimulationSummary {
    let means = rates.map { Self.mean($0.dropFirst(settling)) }
    let total = means.reduce(0, +)
    let squares = means.reduce(0) { $0 + $1 * $1 }
    let fairness = squares > 0 ? total * total / (Double(means.count) * squares) : 0
    return SimulationSummary(
      seconds: Double(UInt64(max(count - settling, 0)) * interval) / 1e9, queuePairs: means.count,
      rates: .init(
        total: total, least: means.min() ?? 0, most: means.max() ?? 0, fairness: fairness),
      depths: zip(queueNames, depths).map { Self.depth($0, $1.dropFirst(settling)) },
      cables: zip(cableNames, cables).map {
        .init(name: $0, rate: Self.mean($1.dropFirst(settling)))
      }
    )
  }

  private static func mean(_ values: ArraySlice<Double>) -> Double {
    values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }

  private static func depth(_ name: String, _ values: ArraySlice<UInt64>) -> SimulationSummary.Depth
  {
    let sorted = values.sorted()
    let empty = sorted.prefix { $0 == 0 }.count
    func at(_ share: Double) -> UInt64 {
      sorted.isEmpty ? 0 : sorted[Int(Double(sorted.count - 1) * share)]
    }
    return .init(
      name: name, least: sorted.first ?? 0, low: at(0.01), median: at(0.5), high: at(0.99),
      most: sorted.last ?? 0,
      emptyShare: sorted.isEmpty ? 0 : Double(empty) / Double(sorted.count))
  }
}

extension SimulationSummary {
  var lines: [String] {
    let rate = { (value: Double) in Figure.scaled(value, "bit/s") }
    var lines = [
      "in the last \(Figure.seconds(seconds)) of virtual time",
      "  \(Figure.counted(queuePairs, "queue pair")): \(rate(rates.total)) together,"
        + " \(rate(rates.least)) to \(rate(rates.most)) each, fairness "
        + Figure.fraction(rates.fairness, places: 4),
    ]
    for depth in depths {
      lines.append(
        "  queue \(depth.name): median \(Figure.bytes(depth.median)), 98 % of the time from"
          + " \(Figure.bytes(depth.low)) to \(Figure.bytes(depth.high)), at most"
          + " \(Figure.bytes(depth.most))")
    }
    for cable in cables { lines.append("  cable \(cable.name): \(rate(cable.rate))") }
    return lines
  }

  var json: JSON {
    [
      "seconds": .number(seconds), "queuePairs": .integer(queuePairs),
      "rates": [
        "total": .number(rates.total), "least": .number(rates.least), "most": .number(rates.most),
        "fairness": .number(rates.fairness),
      ],
      "queues": .array(
        depths.map {
          [
            "name": .string($0.name), "leastBytes": .count($0.least),
            "lowBytes": .count($0.low), "medianBytes": .count($0.median),
            "highBytes": .count($0.high), "mostBytes": .count($0.most),
            "emptyShare": .number($0.emptyShare),
          ]
        }),
      "cables": .array(cables.map { ["name": .string($0.name), "rate": .number($0.rate)] }),
    ]
  }
}
