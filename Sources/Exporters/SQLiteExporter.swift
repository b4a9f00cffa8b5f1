// SPDX-License-Identifier: BSD-3-Clause
import Presentation
public import Telemetry
import Wire

/// A database of SQLite's: what there is now in some tables, and how it came to be in others.
///
/// Each interval is one transaction, so that who reads sees whole snapshots.
public final class SQLiteExporter: Exporter {
  public let name = "sqlite"
  public let interval: UInt64
  private let database: Database
  private let queuePairs: Int
  private var failure: String?

  /// - Parameter queuePairs: how many of a snapshot are written at most, those with most bytes.
  public init(path: String, interval: UInt64, queuePairs: Int) throws(ExporterError) {
    database = try Database(path: path, schema: Self.tables)
    self.interval = interval
    self.queuePairs = queuePairs
  }

  public var problem: String? {
    failure.map { "telemetry: sqlite: \($0); the snapshot is missing from it" }
  }

  public func export(_ snapshot: NICSnapshot) {
    do throws(ExporterError) {
      try database.transaction { () throws(ExporterError) in
        try write(snapshot)
        guard let telemetry = snapshot.telemetry else { return }
        try write(telemetry, at: snapshot.nanoseconds)
        try writeQueuePairs(telemetry.queuePairs.prefix(queuePairs), at: snapshot.nanoseconds)
      }
    } catch {
      failure = "\(error)"
    }
  }

  public func finish(_ snapshot: NICSnapshot) { export(snapshot) }

  private func write(_ snapshot: NICSnapshot) throws(ExporterError) {
    let time = SQLValue.integer(snapshot.nanoseconds)
    try database.insert([[time, .number(snapshot.uptime)]], into: "snapshots")
    let ports = snapshot.ports.map { port in
      [
        time, .text(port.name), .integer(port.receivedPackets), .integer(port.receivedBytes),
        .integer(port.sentPackets), .integer(port.sentBytes), SQLValue(port.missedPackets),
      ]
    }
    try database.insert(ports, into: "ports")
    let stages = snapshot.stages.map { stage -> [SQLValue] in
      [
        time, .text(stage.pipeline), .text(stage.label), .text(stage.stage),
        .integer(stage.packets), .integer(stage.dropped), .integer(stage.timedCycles),
        .integer(stage.timedPackets),
      ]
    }
    try database.insert(stages, into: "stages")
    try database.insert(
      snapshot.drops.map { [time, .text($0.reason), .integer($0.packets)] }, into: "drops")
  }

  private func write(_ telemetry: TelemetrySnapshot, at time: UInt64) throws(ExporterError) {
    try database.insert([[.integer(time)] + telemetry.totals.row], into: "totals")
    try database.insert(
      telemetry.opcodes.present.map {
        [.text("\(Opcode(rawValue: $0.opcode))"), .integer($0.packets)]
      },
      into: "opcodes")
    try database.run("DELETE FROM distributions; DELETE FROM distribution_buckets")
    try database.insert(telemetry.distributions.map(\.row), into: "distributions")
    try database.insert(telemetry.distributions.flatMap(\.bucketRows), into: "distribution_buckets")
    try database.insert(telemetry.events.map(\.row), into: "events")
  }

  private func writeQueuePairs(
    _ pairs: ArraySlice<QueuePairMeasurement>, at time: UInt64
  ) throws(ExporterError) {
    try database.run(Self.upsert, rows: pairs.map(\.row))
    let series = pairs.map { pair in
      [SQLValue.integer(time)] + Self.series.map { .integer(pair.values[$0]) }
        + [.text("\(pair.name)")]
    }
    try database.run(Self.insertSeries, rows: series)
  }
}

extension MetricValues {
  var row: [SQLValue] { Metric.allCases.map { .integer(self[$0]) } }
}

extension QueuePairMeasurement {
  /// In the order of the table's columns behind its number.
  var row: [SQLValue] {
    [
      .text("\(name)"), .text(name.source), .text(name.destination),
      .integer(UInt64(name.queuePair)), SQLValue(name.tunnel.map { UInt64($0) }),
      SQLValue(peer.map { "\($0)" }), .integer(firstSeen), .integer(lastSeen),
    ] + values.row
  }
}

extension Distribution {
  var row: [SQLValue] {
    [
      .text(kind.name), .integer(histogram.count), .integer(histogram.sum),
      .integer(histogram.minimum), .integer(histogram.maximum), .number(histogram.relativeError),
    ]
  }

  var bucketRows: [[SQLValue]] {
    histogram.buckets.map {
      [.text(kind.name), .integer($0.lowest), .integer($0.highest), .integer($0.count)]
    }
  }
}

extension TelemetryEvent {
  var row: [SQLValue] {
    let pairs = queuePairs.map { "\($0)" }
    let evidence = JSON.object(evidence.map { ($0.name, .count($0.value)) })
    return [
      .text(kind.name), .integer(start), .text(pairs.first ?? ""), .text(address ?? ""),
      .integer(end), SQLValue(isOpen ? 1 : 0), .integer(occurrences), .integer(queuePairCount),
      .text("\(JSON.array(pairs.map { .string($0) }))"), .text("\(evidence)"),
    ]
  }
}
