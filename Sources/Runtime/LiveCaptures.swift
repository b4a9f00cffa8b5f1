// SPDX-License-Identifier: BSD-3-Clause
import Capture
import DPDK
import Pipeline

/// The captures that ports of a live run write. The driver says nothing of a full disk and calls
/// every packet sent, so somebody has to look.
struct LiveCaptures {
  /// By port; nil for those that write no file.
  private let byPort: [WatchedCapture?]

  init(_ plan: NICPlan) throws(RuntimeError) {
    var captures: [WatchedCapture?] = []
    for port in plan.ports {
      let path = port.isOutput ? (try? Device.parse(port.device))?.outputFile : nil
      do throws(CaptureError) {
        captures.append(
          try path.flatMap { path throws(CaptureError) in
            try WatchedCapture(path: path)
          })
      } catch {
        throw .failed("port \(port.name): \(error)")
      }
    }
    byPort = captures
  }

  func partialPath(ofPort index: Int) -> String? { byPort[index]?.partialPath }

  /// What is wrong with a file while the run goes on. The driver counts a packet once it has
  /// handed it to the system.
  func problems(_ sent: [Int: DPDK.Port.Statistics]) -> [String] {
    byPort.enumerated().compactMap { index, capture in
      guard let capture, let sent = sent[index] else { return nil }
      return capture.problem(packets: sent.sentPackets, bytes: sent.sentBytes).map { "\($0)" }
    }
  }

  /// Gives the files their names, and counts what did not get into one as not sent.
  func finish(
    _ sent: [Int: DPDK.Port.Statistics], in report: inout Report, _ reasons: DropReasons
  ) {
    for (index, capture) in byPort.enumerated() {
      guard let capture else { continue }
      let (packets, bytes) = (sent[index]?.sentPackets ?? 0, sent[index]?.sentBytes ?? 0)
      let whole = capture.finish(packets: packets, bytes: bytes)
      guard let error = whole.error else { continue }
      report.problems.append("\(error)")
      let loss = Report.Unsent(
        port: PortIndex(UInt8(index)), packets: packets - min(whole.packets, packets),
        bytes: bytes - min(whole.bytes, bytes))
      report.addUnsent([loss], reasons)
    }
  }
}
