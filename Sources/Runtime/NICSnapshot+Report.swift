// SPDX-License-Identifier: BSD-3-Clause
import Pipeline
import Telemetry

extension NICSnapshot {
  /// What the report counts, with what was measured of queue pairs.
  init(_ report: Report, at nanoseconds: UInt64, telemetry: TelemetrySnapshot?) {
    self.init(
      file: report.file, nanoseconds: nanoseconds, uptime: report.captureSeconds ?? report.seconds,
      workers: report.workers)
    ports = report.ports.map { Port($0) }
    stages = report.pipelines.flatMap { pipeline in
      pipeline.stages.map { Stage($0, of: pipeline.name) }
    }
    drops = report.drops.map { Drop(reason: $0.reason, packets: $0.packets) }
    self.telemetry = telemetry
  }
}

extension NICSnapshot.Port {
  fileprivate init(_ port: Report.PortReport) {
    self.init(name: port.name, device: port.device)
    link = port.link
    receivedPackets = port.counters.receivedPackets
    receivedBytes = port.counters.receivedBytes
    sentPackets = port.counters.sentPackets
    sentBytes = port.counters.sentBytes
    missedPackets = port.driver.map { $0.missed &+ $0.noBuffer }
  }
}

extension NICSnapshot.Stage {
  fileprivate init(_ stage: Report.StageReport, of pipeline: String) {
    self.init(pipeline: pipeline, label: stage.label, stage: stage.stage)
    packets = stage.counters.packets
    dropped = stage.counters.dropped
    timedCycles = stage.counters.timedCycles
    timedPackets = stage.counters.timedPackets
    figures = stage.figures.map { ($0.name, $0.value) }
  }
}
