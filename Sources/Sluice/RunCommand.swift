// SPDX-License-Identifier: BSD-3-Clause
import Runtime
import Settings

/// `sluice run`: ports, polled by pinned workers.
enum RunCommand: Command {
  static let name = "run"
  static let summary = "Runs the pipelines on live ports until Ctrl-C."
  static let arguments = [Argument(name: "FILE", help: "The pipeline file; - is standard input")]
  static var options: [any SettingDeclaration] {
    [duration, packets, SharedOptions.set, SharedOptions.json]
  }
  static let example = "sluice run Pipelines/flagship.yaml --set wire=null: --duration 2s"

  static let duration: Setting<UInt64?> = .duration(
    "duration", in: 0.001...1e9, "End after so long")
  static let packets: Setting<Int?> = .integer(
    "packets", in: 1...Int.max, "End soon after so many packets were received")

  static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
    let plan = try invocation.loadPlan()
    var options = LiveOptions()
    options.seconds = invocation[duration].map { Double($0) / 1e9 }
    options.packetLimit = invocation[packets].map(UInt64.init)
    StopSignal.install()
    do throws(RuntimeError) {
      let live = try Live(plan, options)
      live.tell = { Terminal.error("sluice: \($0)") }
      return ReportPrinter.show(try live.run(), asJSON: invocation[SharedOptions.json])
    } catch {
      throw invocation.failure(error)
    }
  }
}
