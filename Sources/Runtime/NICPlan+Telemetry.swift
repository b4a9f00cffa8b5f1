// SPDX-License-Identifier: BSD-3-Clause
import Exporters
import Settings
import Stages

extension NICPlan {
  /// What the file says under `telemetry:`.
  var telemetry: SettingValues? { file.engine[EngineSettings.telemetry] }

  /// Whether DPDK opens its telemetry socket in a live run.
  var hasTelemetrySocket: Bool { telemetry?[ExportSettings.socket] ?? false }

  /// Whether dpdk-dumpcap may attach to a live run.
  var allowsCapture: Bool { telemetry?[ExportSettings.dumpcap] ?? false }

  /// A file that measurements are written to, by the setting that asks for it.
  struct TelemetryFile {
    let kind: Setting<SettingValues?>
    let settings: SettingValues

    var path: String { settings[ExportSettings.file] }
    var interval: UInt64 { settings[ExportSettings.every] }
    var queuePairs: Int { settings[ExportSettings.queuePairs] }
    var user: String { "telemetry '\(kind.name)'" }
  }

  var telemetryFiles: [TelemetryFile] {
    guard let telemetry else { return [] }
    return [ExportSettings.json, ExportSettings.csv, ExportSettings.sqlite]
      .compactMap { kind in telemetry[kind].map { TelemetryFile(kind: kind, settings: $0) } }
  }

  /// The files as uses, so that none is written by two.
  var telemetryUses: [FileUse] {
    telemetryFiles.map {
      FileUse(
        $0.path, writtenBy: $0.user, at: $0.settings.location(of: ExportSettings.file))
    }
  }

  /// Addresses that are none, and files that cannot be.
  func telemetryProblems() -> [Diagnostic] {
    guard let telemetry else { return [] }
    let addresses = [
      (telemetry[ExportSettings.prometheus], ExportSettings.listen),
      (telemetry[ExportSettings.ipfix], ExportSettings.collector),
    ]
    let wrong = addresses.compactMap { section, setting -> Diagnostic? in
      guard let section, SocketAddress(section[setting]) == nil else { return nil }
      return diagnostic(
        in: section, setting, "'\(section[setting])' is no IP address with a port",
        fix: "write it as in 127.0.0.1:9464 or [::1]:9464")
    }
    return wrong
      + telemetryFiles.filter { $0.path == "-" || $0.path.isEmpty }.map {
        diagnostic(
          in: $0.settings, ExportSettings.file, "\($0.user) needs a file of its own",
          fix: "standard output has the report; write a path")
      }
  }

  /// Exporters of queue pairs in a file that measures none.
  func telemetryWarnings() -> [Diagnostic] {
    guard let telemetry, !ownStages.contains(where: { $0.plan.type.description.name == measurer })
    else { return [] }
    return [ExportSettings.csv, ExportSettings.ipfix].compactMap { kind in
      telemetry[kind].map { section in
        Diagnostic(
          .warning, at: section.location ?? file.location,
          "'\(kind.name)' exports queue pairs, and no stage '\(measurer)' measures them",
          fix: "put '- \(measurer)' behind '- track-qps'")
      }
    }
  }

  private var measurer: String { RoCETelemetry.name }

  private func diagnostic(
    in section: SettingValues, _ setting: some SettingDeclaration, _ message: String, fix: String
  ) -> Diagnostic {
    Diagnostic(
      .error, at: section.location(of: setting) ?? section.location ?? file.location, message,
      fix: fix)
  }
}
