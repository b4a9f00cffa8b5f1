// SPDX-License-Identifier: BSD-3-Clause
import RunningSluice

/// What one run of a case gave: the files that it wrote, and its report.
struct GoldenRun {
  let end: Run.End
  let errors: String
  /// What the report says, without what differs from run to run.
  let report: String
  let files: [String: [UInt8]]

  init(_ golden: GoldenCase) {
    let folder = TemporaryFolder()
    for (name, target) in golden.links { folder.link(name, to: target) }
    let run = Run.sluice(golden.words + ["--json"], in: folder)
    end = run.wait()
    errors = run.errors
    report = Self.withoutMeasurements(run.output)
    let written = folder.files.filter { !$0.hasPrefix(".") }
    files = Dictionary(
      uniqueKeysWithValues: written.map { ($0, Folder.bytes(of: folder.place($0))) })
  }

  /// What was written down when the case was made.
  init(expectedOf golden: GoldenCase) {
    end = .status(0)
    errors = ""
    report = Folder.text(of: golden.expected + "/report.json")
    let names = Folder.names(in: golden.expected).filter { $0 != "report.json" }
    files = Dictionary(
      uniqueKeysWithValues: names.map { ($0, Folder.bytes(of: "\(golden.expected)/\($0)")) })
  }

  init(report: String, files: [String: [UInt8]]) {
    (end, errors) = (.status(0), "")
    (self.report, self.files) = (report, files)
  }

  /// Cycles, what they were taken of, times and the kind of memory are not the case's.
  private static func withoutMeasurements(_ report: String) -> String {
    let measured =
      ["cyclesPerPacket", "timedPackets", "timedCycles", "seconds", "memory"]
      .map { "\"\($0)\":" }
    return report.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { line in !measured.contains { line.drop { $0 == " " }.hasPrefix($0) } }
      .joined(separator: "\n")
  }

  /// Packets that are lost or made up, and buffers that did not come back.
  var imbalances: [String] {
    guard let figures = ReportFigures(report) else { return ["the report is not JSON: \(errors)"] }
    let totals = ["received", "made", "sent", "dropped"].map {
      figures.number("totals.\($0)Packets")
    }
    var found: [String] = []
    if totals[0] + totals[1] != totals[2] + totals[3] {
      found.append("received \(totals[0]) + made \(totals[1]) is not sent + dropped")
    }
    if figures.number("pool.missing") != 0 { found.append("packet buffers are missing") }
    found += figures.values.filter { $0.key.hasPrefix("problems") }.map(\.value)
    return found
  }
}
