// SPDX-License-Identifier: BSD-3-Clause
import Telemetry

extension NICSnapshot {
  /// All metrics; series of their own have so many queue pairs at most.
  func exposition(_ format: Exposition.Format, queuePairs: Int) -> String {
    var text = Exposition(format)
    addRun(to: &text)
    addPorts(to: &text)
    addStages(to: &text)
    telemetry?.add(to: &text, queuePairs: queuePairs)
    return text.text
  }

  private func addRun(to text: inout Exposition) {
    text.begin("sluice_pipeline_file", .gauge, "1, with the pipeline file as label.")
    text.add(UInt64(1), ["file": file])
    text.begin("sluice_uptime_seconds", .gauge, "How long the run has gone on.")
    text.add(uptime)
    text.begin("sluice_workers", .gauge, "Cores that run packets.")
    text.add(UInt64(workers))
    text.begin("sluice_dropped_packets", .counter, "Packets that were dropped, by reason.")
    for drop in drops { text.add(drop.packets, ["reason": drop.reason]) }
  }

  private func addPorts(to text: inout Exposition) {
    let counters: [(String, String, (Port) -> UInt64?)] = [
      ("received_packets", "Packets that workers took from the port.", { $0.receivedPackets }),
      ("received_bytes", "Bytes of these, without check sequences.", { $0.receivedBytes }),
      ("sent_packets", "Packets that the port took from workers.", { $0.sentPackets }),
      ("sent_bytes", "Bytes of these, without check sequences.", { $0.sentBytes }),
      (
        "missed_packets", "Packets that came while there was no room for them; by the driver.",
        { $0.missedPackets }
      ),
    ]
    for (name, help, value) in counters {
      text.begin("sluice_port_\(name)", .counter, help)
      for port in ports {
        if let value = value(port) { text.add(value, ["port": port.name]) }
      }
    }
  }

  private func addStages(to text: inout Exposition) {
    let counters: [(String, String, (Stage) -> UInt64)] = [
      (
        "packets", "Packets that the stage was given; none that its condition left out.",
        { $0.packets }
      ),
      ("dropped_packets", "Of these, those that it dropped.", { $0.dropped }),
      (
        "timed_cycles", "Cycles of the time stamp counter, of the bursts that were timed.",
        { $0.timedCycles }
      ),
      ("timed_packets", "Packets of these bursts.", { $0.timedPackets }),
    ]
    for (name, help, value) in counters {
      text.begin("sluice_stage_\(name)", .counter, help)
      for stage in stages { text.add(value(stage), stage.labels) }
    }
    text.begin(
      "sluice_stage_cycles_per_packet", .gauge, "Timed cycles by timed packets, of the whole run.")
    for stage in stages where stage.timedPackets > 0 {
      text.add(Double(stage.timedCycles) / Double(stage.timedPackets), stage.labels)
    }
    text.begin("sluice_stage_figure", .gauge, "What a stage itself reports, by its name for it.")
    // Those of the telemetry are metrics of their own.
    for stage in stages where stage.stage != "roce-telemetry" {
      for figure in stage.figures {
        text.add(
          figure.value,
          ["pipeline": stage.pipeline, "stage": stage.label, "figure": figure.name])
      }
    }
  }
}

extension NICSnapshot.Stage {
  fileprivate var labels: Exposition.Labels {
    ["pipeline": pipeline, "stage": label, "kind": stage]
  }
}
