// SPDX-License-Identifier: BSD-3-Clause
public import Telemetry

/// A file of comma-separated values (RFC 4180): a line for each queue pair and interval.
///
/// Values are those of the whole run so far, as counters are everywhere.
public final class CSVExporter: Exporter {
  public let name = "csv"
  public let interval: UInt64
  private let file: LineFile
  private let queuePairs: Int

  /// - Parameter queuePairs: how many get a line at most, those with most bytes.
  public init(path: String, interval: UInt64, queuePairs: Int) throws(ExporterError) {
    file = try LineFile(path: path)
    self.interval = interval
    self.queuePairs = queuePairs
    file.append(Self.line(Self.names + Metric.allCases.map(\.name)))
  }

  private static let names = [
    "nanoseconds", "uptime", "source", "destination", "queue_pair", "tunnel", "first_seen",
    "last_seen",
  ]

  public var problem: String? { file.problem.map { "telemetry: csv: \($0)" } }

  public func export(_ snapshot: NICSnapshot) {
    guard let telemetry = snapshot.telemetry else { return }
    let time = ["\(snapshot.nanoseconds)", "\(snapshot.uptime)"]
    let lines = telemetry.queuePairs.prefix(queuePairs).map { pair in
      Self.line(time + pair.identity + Metric.allCases.map { "\(pair.values[$0])" })
    }
    file.append(lines.joined())
  }

  public func finish(_ snapshot: NICSnapshot) {
    export(snapshot)
    file.finish()
  }

  private static func line(_ values: [String]) -> String {
    values.map(quoted).joined(separator: ",") + "\r\n"
  }

  private static func quoted(_ value: String) -> String {
    guard value.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return value }
    return "\""
      + value.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}

extension QueuePairMeasurement {
  fileprivate var identity: [String] {
    [
      name.source, name.destination, "\(name.queuePair)", name.tunnel.map { "\($0)" } ?? "",
      "\(firstSeen)", "\(lastSeen)",
    ]
  }
}
