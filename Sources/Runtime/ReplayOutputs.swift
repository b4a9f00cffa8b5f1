// SPDX-License-Identifier: BSD-3-Clause
import Capture
import Pipeline

/// The captures that a replay writes: one for each port that has one, and one for what is dropped.
struct ReplayOutputs {
  private let byPort: [CaptureOutput?]
  private let drops: CaptureOutput?

  init(
    _ plan: NICPlan, _ options: ReplayOptions, _ reasons: DropReasons
  ) throws(RuntimeError) {
    let labels = plan.stageLabels
    do throws(CaptureError) {
      var outputs: [CaptureOutput?] = []
      for port in plan.ports {
        outputs.append(
          try options.outputs[port.name].map { (path) throws(CaptureError) in
            try CaptureOutput(path: path) { "sent to \(port.name) by \(labels[Int($0.stage)])" }
          })
      }
      byPort = outputs
      let describe = Self.fate(plan, labels, reasons)
      drops = try options.drops.map { (path) throws(CaptureError) in
        try CaptureOutput(path: path, describe: describe)
      }
    } catch {
      throw .failed("\(error)")
    }
  }

  /// What is said of a dropped packet. No stage is to blame where a pipeline ended: then the
  /// verdict's stage, its last one, only tells which pipeline it was.
  private static func fate(
    _ plan: NICPlan, _ labels: [String], _ reasons: DropReasons
  ) -> (Verdict) -> String {
    let pipelines = plan.pipelines.flatMap { $0.stages.map { [name = $0.name] _ in name } }
    return { verdict in
      let stage = Int(verdict.stage)
      let reason = reasons.names[Int(verdict.reason.index)]
      return verdict.reason == .noVerdict
        ? "dropped at the end of pipeline \(pipelines[stage]): \(reason)"
        : "dropped by \(labels[stage]): \(reason)"
    }
  }

  /// By port, with a place to throw away what nobody asked to keep.
  var outputs: [Output] { byPort.map { $0 ?? DiscardOutput() } }
  var dropRecord: DropRecord? { drops.map(DropRecord.init) }

  /// Completes the files, and counts what did not get into one as not sent.
  func finish(in report: inout Report, _ reasons: DropReasons) {
    for (index, output) in byPort.enumerated() {
      guard let output, let error = output.finish() else { continue }
      report.problems.append("\(error)")
      let counters = report.ports[index].counters
      let loss = Report.Unsent(
        port: PortIndex(UInt8(index)),
        packets: counters.sentPackets &- output.inFile.packets,
        bytes: counters.sentBytes &- output.inFile.wireBytes)
      report.addUnsent([loss], reasons)
    }
    if let error = drops?.finish() { report.problems.append("\(error)") }
  }
}
