// SPDX-License-Identifier: BSD-3-Clause
import Capture
import Pipeline
import Presentation

/// The captures of a replay, merged by time, each packet with the port that it arrives at.
struct ReplaySource {
  private let merged: MergedCapture
  /// By capture: its port.
  private let ports: [PortIndex]
  private(set) var failures: [CaptureError] = []
  private(set) var firstNanoseconds: UInt64?
  private(set) var lastNanoseconds: UInt64 = 0
  /// Whether every capture was read to its end, without a signal or damage before that.
  private(set) var isAtEnd = false

  init(_ plan: NICPlan, _ options: ReplayOptions) throws(RuntimeError) {
    var readers: [CaptureReader] = []
    var ports: [PortIndex] = []
    for (index, port) in plan.ports.enumerated() where port.entry != nil {
      for path in options.inputs[port.name] ?? [] {
        do throws(CaptureError) {
          readers.append(try CaptureReader(path: path) { StopSignal.isRaised })
        } catch {
          throw .failed(StopSignal.isRaised ? "ended by a signal before the replay" : "\(error)")
        }
        ports.append(PortIndex(UInt8(index)))
      }
    }
    merged = MergedCapture(readers)
    self.ports = ports
  }

  /// The next packet and its port. A capture that is cut ends; the others go on.
  mutating func next() -> (packet: CapturedPacket, port: PortIndex)? {
    while true {
      do throws(CaptureError) {
        guard let (packet, input) = try merged.next() else {
          isAtEnd = failures.isEmpty && !StopSignal.isRaised
          return nil
        }
        if firstNanoseconds == nil { firstNanoseconds = packet.nanoseconds }
        lastNanoseconds = max(lastNanoseconds, packet.nanoseconds)
        return (packet, ports[input])
      } catch {
        if StopSignal.isRaised { return nil }
        failures.append(error)
      }
    }
  }

  /// Notes on packets that the files hold and Sluice cannot read.
  var notes: [String] {
    merged.inputs.flatMap { reader in
      reader.skippedRecords.sorted { $0.key < $1.key }
        .map {
          "\(reader.path): \(Figure.count($1)) \($1 == 1 ? "record" : "records") skipped: \($0)"
        }
    }
  }
}
