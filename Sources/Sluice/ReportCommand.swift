// SPDX-License-Identifier: BSD-3-Clause
import Exporters
import Health
import Pipeline
import Presentation
import Runtime
import Settings

/// `sluice report`: how healthy the RDMA traffic of captures is.
enum ReportCommand: Command {
  static let name = "report"
  static let summary = "Tells how healthy the RDMA traffic of captures is, and what shows it."
  static let arguments = [
    Argument(
      name: "CAPTURE", help: "Captures, merged by time; - is standard input", isRepeated: true)
  ]
  static var options: [any SettingDeclaration] {
    [html, sqlite, SharedOptions.json, rate, memory, queuePairs, failOnAnomaly]
  }
  static let example = "sluice report Pcaps/rc_ops_loss.pcap"

  static let html: Setting<String?> = .path(
    "html", "Write the report as a page with plots, in one file that needs no other")
  static let sqlite: Setting<String?> = .path(
    "sqlite", "Write all that was measured into a database of SQLite's")
  static let rate: Setting<Double> = .bitRate(
    "rate", in: 1e6...10e12, default: "100Gbps", "What the link of a receiver can carry")
  static let memory: Setting<Int> = .size(
    "memory", in: 1_000_000...1_000_000_000_000, default: "512MB",
    "What the tables of queue pairs may take; there is room for 1024 at least")
  static let queuePairs: Setting<Int> = .integer(
    "queue-pairs", in: 0...1_000_000, default: 20,
    "How many queue pairs lists show, those with most bytes")
  static let failOnAnomaly: Setting<Bool> = .boolean(
    "fail-on-anomaly", default: false, "End with status 1 when there is an anomaly")

  static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
    let options = try replayOptions(invocation)
    StopSignal.install()
    let replay: TelemetryReplay
    do throws(RuntimeError) {
      replay = try TelemetryReplay(options, invocation.registry)
    } catch {
      throw invocation.failure(error)
    }
    let progress = ProgressLine()
    replay.onProgress(progress.update)
    // A database has them all, and a page some more than its lists show.
    let shown = invocation[queuePairs]
    let wanted = max(shown, invocation[sqlite] == nil ? 4096 : replay.capacity)
    let outcome = replay.run(queuePairs: wanted)
    progress.clear()
    var report = HealthReport(outcome, options, capacity: replay.capacity)
    report.shownQueuePairs = shown
    try write(report, invocation)
    return show(report, invocation)
  }

  private static func show(_ report: HealthReport, _ invocation: Invocation) -> ExitStatus {
    let text = invocation[SharedOptions.json] ? report.json.text(pretty: true) : report.text
    // The page has taken standard output.
    if invocation[html] == "-" { Terminal.error(text) } else { Terminal.print(text) }
    for problem in report.problems { Terminal.error("sluice: \(problem)") }
    let isBad = invocation[failOnAnomaly] && report.hasAnomalies
    return report.succeeded && !isBad ? .success : .failed
  }

  private static func write(
    _ report: HealthReport, _ invocation: Invocation
  ) throws(CommandError) {
    do throws(RuntimeError) {
      if let path = invocation[html] { try TelemetryReplay.write(report.page, to: path) }
    } catch {
      throw invocation.failure(error)
    }
    do throws(ExporterError) {
      if let path = invocation[sqlite] {
        try ReportDatabase.write(
          report.telemetry, report.series, facts: report.facts, to: path)
      }
    } catch {
      throw .failed("\(error)")
    }
  }

  private static func replayOptions(
    _ invocation: Invocation
  ) throws(CommandError) -> TelemetryReplay.Options {
    if invocation[sqlite] == "-" {
      throw invocation.mistake("--sqlite -: a database needs a file of its own")
    }
    var options = TelemetryReplay.Options(captures: invocation.words)
    options.rate = invocation[rate]
    options.memory = UInt64(invocation[memory])
    options.outputs = [(invocation[html], "--html"), (invocation[sqlite], "--sqlite")]
      .compactMap { path, option in path.map { ($0, option) } }
    return options
  }
}

extension HealthReport {
  fileprivate init(
    _ outcome: TelemetryReplay.Outcome, _ options: TelemetryReplay.Options, capacity: Int
  ) {
    self.init()
    let run = outcome.report
    captures = options.captures
    packets = run.totals.received
    bytes = run.totals.receivedBytes
    seconds = run.captureSeconds
    wallSeconds = run.seconds
    interrupted = run.interrupted
    rate = options.rate
    self.capacity = capacity
    telemetry = outcome.telemetry
    series = outcome.series
    problems = run.problems
    notes = run.notes.filter { !$0.hasPrefix("report/") } + Self.untracked(run, options, capacity)
  }

  /// What there was no room for.
  private static func untracked(
    _ run: Report, _ options: TelemetryReplay.Options, _ capacity: Int
  ) -> [String] {
    let figures = run.pipelines.flatMap(\.stages).first { $0.stage == "track-qps" }?.figures ?? []
    let given = figures.first { $0.name == "evicted" }?.value ?? 0
    guard given > 0 else { return [] }
    return [
      "\(Figure.counted(given, "queue pair")) had to make room for others: tables have"
        + " room for \(capacity) in \(Figure.bytes(options.memory)); give more with --memory"
    ]
  }
}
