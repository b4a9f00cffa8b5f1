// SPDX-License-Identifier: BSD-3-Clause
import DPDK
import Exporters
import Telemetry

/// Answers on DPDK's telemetry socket, which DPDK has opened when it started.
final class TelemetrySocketServer: SnapshotServer {
  /// How many queue pairs can be asked for: those with most bytes.
  static let queuePairs = 1000

  func start(_ snapshot: @escaping @Sendable () -> NICSnapshot) throws(ExporterError) {
    do throws(DPDKError) {
      try TelemetrySocket.serve(TelemetryCommands(snapshot: snapshot).all)
    } catch {
      throw ExporterError("\(error)")
    }
  }

  func stop() { TelemetrySocket.close() }

  var place: String { TelemetrySocket.path }
}
