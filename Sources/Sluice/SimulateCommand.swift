// SPDX-License-Identifier: BSD-3-Clause
import Runtime
import Settings

/// `sluice simulate`: the pipelines between simulated hosts, in virtual time.
enum SimulateCommand: Command {
  static let name = "simulate"
  static let summary = "Runs the pipelines between simulated RDMA hosts, in virtual time."
  static let arguments = [Argument(name: "FILE", help: "The pipeline file; - is standard input")]
  static var options: [any SettingDeclaration] {
    [csv, svg, SharedOptions.set, SharedOptions.json]
  }
  static let example = "sluice simulate Pipelines/incast.yaml --csv incast.csv"

  static let csv: Setting<String?> = .path(
    "csv", "Write rates and queue depths over time to a file, as comma-separated values")
  static let svg: Setting<String?> = .path(
    "svg", "Draw rates and queue depths over time into a file")

  static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
    let plan = try invocation.loadPlan()
    StopSignal.install()
    do throws(RuntimeError) {
      let simulation = try Simulation(plan)
      let progress = ProgressLine()
      simulation.progress = progress.update
      let (report, record) = simulation.run()
      progress.clear()
      let paths = (csv: invocation[csv], svg: invocation[svg])
      try record.write(csv: paths.csv, svg: paths.svg)
      return ReportPrinter.show(
        report, asJSON: invocation[SharedOptions.json],
        onError: paths.csv == "-" || paths.svg == "-")
    } catch {
      throw invocation.failure(error)
    }
  }
}
