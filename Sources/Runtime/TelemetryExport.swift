// SPDX-License-Identifier: BSD-3-Clause
import Exporters
import Telemetry

/// What the file's `telemetry:` asks for, made and kept going.
final class TelemetryExport {
  private let exporters: [any Exporter]
  private let servers: [any SnapshotServer]
  private var thread: ExportThread?
  /// What somebody wants to see of queue pairs.
  let demand: SweepDemand

  /// Opens files. A run in virtual time has nobody to answer.
  init(_ plan: NICPlan, isLive: Bool) throws(RuntimeError) {
    do throws(ExporterError) {
      exporters = try plan.makeExporters()
      servers = isLive ? try plan.makeSnapshotServers() : []
    } catch {
      throw .failed("\(error)")
    }
    demand = SweepDemand(
      queuePairs: plan.mostExportedQueuePairs, addressPairs: plan.exportsAddressPairs)
  }

  /// From here on snapshots are taken.
  func start(_ snapshots: SnapshotSource) throws(RuntimeError) {
    for server in servers {
      do throws(ExporterError) {
        try server.start { snapshots.recent() }
      } catch {
        throw .failed("\(error)")
      }
    }
    guard !exporters.isEmpty else { return }
    let thread = ExportThread(exporters, snapshots)
    try thread.start()
    self.thread = thread
  }

  /// What a report counts, and what stages of these workers have measured.
  func snapshot(
    _ report: Report, at nanoseconds: UInt64, _ boards: [TelemetryBoard]
  ) -> NICSnapshot {
    let measured = boards.allSatisfy(\.isEmpty) ? nil : TelemetryBoard.snapshot(of: boards)
    return NICSnapshot(report, at: nanoseconds, telemetry: measured)
  }

  /// Where those who ask find an answer.
  var places: [String] { servers.map(\.place) }

  /// What is wrong while the run goes on.
  var problems: [String] { thread?.problems ?? [] }

  /// From here on nobody takes snapshots.
  func stop() {
    servers.forEach { $0.stop() }
    thread?.stop()
  }

  /// Exports what the run has come to; returns what went wrong.
  func finish(_ snapshot: @autoclosure () -> NICSnapshot) -> [String] {
    guard !exporters.isEmpty else { return [] }
    let last = snapshot()
    exporters.forEach { $0.finish(last) }
    return exporters.compactMap(\.problem)
  }
}

extension NICPlan {
  /// Those that work in intervals, and at the end of every run.
  fileprivate func makeExporters() throws(ExporterError) -> [any Exporter] {
    var exporters: [any Exporter] = []
    for file in telemetryFiles {
      do throws(ExporterError) {
        exporters.append(try file.makeExporter())
      } catch {
        throw ExporterError("\(file.user): \(error)")
      }
    }
    if let ipfix = ipfixExporter { exporters.append(ipfix) }
    return exporters
  }

  private var ipfixExporter: IPFIXExporter? {
    guard let ipfix = telemetry?[ExportSettings.ipfix],
      let collector = SocketAddress(ipfix[ExportSettings.collector])
    else { return nil }
    return IPFIXExporter(
      collector: collector, interval: ipfix[ExportSettings.sendEvery],
      enterprise: UInt32(clamping: ipfix[ExportSettings.enterprise]),
      domain: UInt32(clamping: ipfix[ExportSettings.domain]),
      queuePairs: ipfix[ExportSettings.queuePairs])
  }

  /// Those that answer while a run is live.
  fileprivate func makeSnapshotServers() throws(ExporterError) -> [any SnapshotServer] {
    var servers: [any SnapshotServer] = []
    if let prometheus = telemetry?[ExportSettings.prometheus],
      let address = SocketAddress(prometheus[ExportSettings.listen])
    {
      servers.append(
        try PrometheusServer(
          at: address, queuePairs: prometheus[ExportSettings.shownQueuePairs]))
    }
    if hasTelemetrySocket { servers.append(TelemetrySocketServer()) }
    return servers
  }

  /// Lines of JSON have them.
  fileprivate var exportsAddressPairs: Bool {
    telemetryFiles.contains { $0.kind.name == ExportSettings.json.name }
  }

  fileprivate var mostExportedQueuePairs: Int {
    let shown = telemetry?[ExportSettings.prometheus]?[ExportSettings.shownQueuePairs] ?? 0
    let asked = hasTelemetrySocket ? TelemetrySocketServer.queuePairs : 0
    let sent = telemetry?[ExportSettings.ipfix]?[ExportSettings.queuePairs] ?? 0
    return telemetryFiles.reduce(max(shown, asked, sent)) { max($0, $1.queuePairs) }
  }
}

extension NICPlan.TelemetryFile {
  fileprivate func makeExporter() throws(ExporterError) -> any Exporter {
    switch kind.name {
    case ExportSettings.csv.name:
      try CSVExporter(path: path, interval: interval, queuePairs: queuePairs)
    case ExportSettings.sqlite.name:
      try SQLiteExporter(path: path, interval: interval, queuePairs: queuePairs)
    default: try JSONExporter(path: path, interval: interval, queuePairs: queuePairs)
    }
  }
}
