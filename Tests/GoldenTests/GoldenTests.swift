// SPDX-License-Identifier: BSD-3-Clause
import Glibc
import RunningSluice
import Testing

/// Every case of `Cases/`, through the executable.
struct GoldenTests {
  /// SLUICE_REGENERATE=1 writes down what the cases give now, and prints what is different.
  private static let regenerates = getenv("SLUICE_REGENERATE") != nil

  @Test(arguments: GoldenCase.all)
  func runsGiveWhatIsExpectedEachTime(golden: GoldenCase) throws {
    if let missing = golden.missingCapture { try Test.cancel("there is no \(missing)") }
    let run = GoldenRun(golden)
    try #require(run.end == .status(0), "\(run.errors)")
    #expect(run.imbalances == [])
    let differences = GoldenDifference.between(run, expected: GoldenRun(expectedOf: golden))
    if Self.regenerates {
      golden.keep(run, differences)
    } else {
      #expect(differences == [])
    }
    #expect(GoldenDifference.between(GoldenRun(golden), expected: run) == [])
  }

  @Test(arguments: GoldenCase.all)
  func casesSayWhatTheyShow(golden: GoldenCase) {
    #expect(golden.why.split(separator: "\n").count == 1)
    #expect(golden.why.hasSuffix(".\n"))
  }

  @Test func everyStageIsInACase() {
    let folder = TemporaryFolder()
    let list = Run.shell("$sluice stages | cut -d' ' -f1", in: folder)
    #expect(list.wait() == .status(0))
    let stages = list.output.split(separator: "\n")
    let reports = GoldenCase.all.map { Folder.text(of: $0.expected + "/report.json") }
    #expect(stages.count >= 9)
    for stage in stages {
      #expect(reports.contains { $0.contains("\"stage\": \"\(stage)\"") }, "\(stage)")
    }
  }
}

extension GoldenCase {
  /// Makes what a run gave the expectation.
  fileprivate func keep(_ run: GoldenRun, _ differences: [String]) {
    for difference in differences { print("\(name): \(difference)") }
    guard !differences.isEmpty else { return }
    mkdir(expected, 0o755)
    for old in Folder.names(in: expected) { unlink("\(expected)/\(old)") }
    for (name, bytes) in run.files { Folder.write(bytes, to: "\(expected)/\(name)") }
    Folder.write(Array(run.report.utf8), to: expected + "/report.json")
  }
}
