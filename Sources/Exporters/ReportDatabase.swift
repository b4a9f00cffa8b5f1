// SPDX-License-Identifier: BSD-3-Clause
public import Telemetry
import Wire

/// What a run over captures has found, as a database of SQLite's. Times are nanoseconds of the
/// captures' clocks: since 1970 in most.
public enum ReportDatabase {
  /// - Parameter facts: of the run itself, such as its captures; names may come several times.
  public static func write(
    _ telemetry: TelemetrySnapshot, _ series: SeriesSnapshot?,
    facts: [(name: String, value: String)], to path: String
  ) throws(ExporterError) {
    let database = try Database(path: path, schema: schema)
    try database.transaction { () throws(ExporterError) in
      let rows = facts.enumerated().map { [SQLValue($0), .text($1.name), .text($1.value)] }
      try database.insert(rows, into: "meta")
      try write(telemetry, to: database)
      if let series { try write(series, to: database) }
    }
  }

  private static func write(
    _ telemetry: TelemetrySnapshot, to database: Database
  ) throws(ExporterError) {
    try database.insert(
      Metric.allCases.map { [.text($0.name), .integer(telemetry.totals[$0])] }, into: "totals")
    try database.insert(
      telemetry.opcodes.present.map {
        [.text(""), .text(name(of: $0.opcode)), .integer($0.packets)]
      },
      into: "opcodes")
    try database.insert(
      telemetry.queuePairs.enumerated().map { [SQLValue($0)] + $1.row }, into: "queue_pairs")
    try database.insert(
      telemetry.queuePairs.flatMap { pair in
        pair.opcodes.present.map {
          [.text("\(pair.name)"), .text(name(of: $0.opcode)), .integer($0.packets)]
        }
      }, into: "opcodes")
    try database.insert(telemetry.distributions.map(\.row), into: "distributions")
    try database.insert(telemetry.distributions.flatMap(\.bucketRows), into: "distribution_buckets")
    try database.insert(telemetry.events.map(\.row), into: "events")
    try database.insert(
      telemetry.addressPairs.map {
        [.text($0.source), .text($0.destination), .integer($0.bytes), .integer($0.error)]
      }, into: "address_pairs")
  }

  private static func write(
    _ series: SeriesSnapshot, to database: Database
  ) throws(ExporterError) {
    try database.insert(
      series.points.enumerated().map { place, point in
        [
          .integer(series.time(of: place)), .text(""), .integer(point.packets),
          .integer(point.bytes), .integer(point.ceMarked), .integer(point.notifications),
          .integer(point.sentAgain), .integer(point.missing),
        ]
      }, into: "time_series")
    for pair in series.queuePairs {
      let name = SQLValue.text("\(pair.name)")
      let rows = pair.bytes.enumerated().filter { $1 > 0 }.map { place, bytes -> [SQLValue] in
        [
          .integer(series.time(of: place)), name, .null, .integer(bytes), .null, .null, .null,
          .null,
        ]
      }
      try database.insert(rows, into: "time_series")
      try database.insert(
        pair.sequence.map {
          [name, .integer($0.time), .integer(UInt64($0.sequence)), .text($0.kind.name)]
        }, into: "psn_points")
    }
  }

  private static func name(of opcode: UInt8) -> String { "\(Opcode(rawValue: opcode))" }
}

extension SeriesSnapshot {
  fileprivate func time(of place: Int) -> UInt64 { start &+ UInt64(place) &* interval }
}
