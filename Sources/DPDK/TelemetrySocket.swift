// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
import Glibc
import Synchronization

/// DPDK's telemetry socket, through which other programs ask this process how it does.
public enum TelemetrySocket {
  /// A command such as `/sluice/ports`, and what it answers to its parameters.
  public struct Command: Sendable {
    public let name: String
    /// 63 characters at most.
    public let help: String
    /// Called on a thread of DPDK's own; nil is shown as null.
    public let answer: @Sendable (String) -> TelemetryRecord?

    public init(
      _ name: String, _ help: String, answer: @escaping @Sendable (String) -> TelemetryRecord?
    ) {
      self.name = name
      self.help = help
      self.answer = answer
    }
  }

  /// Where other programs find it.
  public static var path: String { RuntimeFolder.path + "/" + RuntimeFolder.telemetrySocket }

  private static let commands = Mutex<[String: Command]>([:])

  /// Has the commands answered until `close`.
  public static func serve(_ list: [Command]) throws(DPDKError) {
    commands.withLock { $0 = Dictionary(list.map { ($0.name, $0) }) { $1 } }
    for command in list {
      let code = cdpdk_telemetry_register(command.name, command.help) {
        TelemetrySocket.answer($0, $1, $2)
      }
      // A command that was there before stays as it is: its answer was replaced.
      guard code == 0 || code == -EEXIST else {
        throw DPDKError(
          operation: "offer \(command.name) on the telemetry socket",
          cause: String(cString: cdpdk_error_text(code)), advice: nil)
      }
    }
  }

  /// Waits for answers that are being given, and gives none from then on.
  public static func close() { commands.withLock { $0 = [:] } }

  /// One at a time: what they look at is gathered once for all that come together.
  private static func answer(
    _ command: UnsafePointer<CChar>, _ parameters: UnsafePointer<CChar>, _ into: OpaquePointer
  ) -> Int32 {
    let name = String(cString: command)
    let text = String(cString: parameters)
    let record = commands.withLock { $0[name]?.answer(text) }
    guard let record else { return -EINVAL }
    fill(into, record)
    return 0
  }

  private static func fill(_ data: OpaquePointer, _ record: TelemetryRecord) {
    for (name, value) in record.values {
      let name = TelemetryRecord.name(name)
      switch value {
      case .text(let text): cdpdk_telemetry_add_text(data, name, TelemetryRecord.text(text))
      case .number(let number): cdpdk_telemetry_add_number(data, name, number)
      case .record(let inner):
        guard let place = cdpdk_telemetry_add_record(data, name) else { return }
        fill(place, inner)
      }
    }
  }
}
