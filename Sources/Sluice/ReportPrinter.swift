// SPDX-License-Identifier: BSD-3-Clause
import Runtime

/// Shows a run's report and turns it into an exit status.
enum ReportPrinter {
  /// - Parameter onError: whether the report goes to standard error, as the output is taken.
  static func show(_ report: Report, asJSON: Bool, onError: Bool = false) -> ExitStatus {
    let text = asJSON ? report.json.text(pretty: true) : report.text
    if onError { Terminal.error(text) } else { Terminal.print(text) }
    for problem in report.problems { Terminal.error("sluice: \(problem)") }
    return report.succeeded ? .success : .failed
  }
}
