// SPDX-License-Identifier: BSD-3-Clause
import Exporters
public import Presentation
import Telemetry

extension HealthReport {
  /// The report for programs.
  public var json: JSON {
    .object(present: [
      ("command", "report"),
      ("captures", .array(captures.map { .string($0) })),
      ("verdict", .string(verdict)),
      ("healthy", .boolean(!hasAnomalies)),
      ("succeeded", .boolean(succeeded)),
      ("interrupted", .boolean(interrupted)),
      ("packets", .count(packets)),
      ("bytes", .count(bytes)),
      ("captureSeconds", seconds.map { .number($0) }),
      ("seconds", .number(wallSeconds)),
      ("linkBitsPerSecond", .number(rate)),
      ("capacity", .integer(capacity)),
      ("telemetry", telemetry.json(queuePairs: shownQueuePairs)),
      ("series", series.map(\.json)),
      ("problems", .array(problems.map { .string($0) })),
      ("notes", .array(notes.map { .string($0) })),
    ])
  }
}

extension SeriesSnapshot {
  /// Of all packets; those of queue pairs are in the page and the database.
  fileprivate var json: JSON {
    [
      "start": .count(start), "interval": .count(interval),
      "points": .array(points.map(\.json)),
    ]
  }
}

extension SeriesPoint {
  fileprivate var json: JSON {
    [
      "packets": .count(packets), "bytes": .count(bytes), "ceMarked": .count(ceMarked),
      "notifications": .count(notifications), "sentAgain": .count(sentAgain),
      "missing": .count(missing),
    ]
  }
}
