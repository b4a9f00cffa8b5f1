// SPDX-License-Identifier: BSD-3-Clause
import Runtime

/// Shows a run's report and turns it into an exit status.
enum ReportPrinter {
  static func show(_ report: Report, asJSON: Bool) -> ExitStatus {
    if asJSON {
      Terminal.print(report.json.text(pretty: true))
    } else {
      Terminal.print(report.text)
    }
    for problem in report.problems { Terminal.error("sluice: \(problem)") }
    return report.succeeded ? .success : .failed
  }
}
