// SPDX-License-Identifier: BSD-3-Clause
import Presentation
public import Telemetry

/// A file of JSON lines: each is a snapshot of the whole run so far.
public final class JSONExporter: Exporter {
  public let name = "json"
  public let interval: UInt64
  private let file: LineFile
  private let queuePairs: Int

  /// - Parameter queuePairs: how many are shown at most, those with most bytes.
  public init(path: String, interval: UInt64, queuePairs: Int) throws(ExporterError) {
    file = try LineFile(path: path)
    self.interval = interval
    self.queuePairs = queuePairs
  }

  public var problem: String? { file.problem.map { "telemetry: json: \($0)" } }

  public func export(_ snapshot: NICSnapshot) {
    file.append("\(snapshot.json(queuePairs: queuePairs))\n")
  }

  public func finish(_ snapshot: NICSnapshot) {
    export(snapshot)
    file.finish()
  }
}
