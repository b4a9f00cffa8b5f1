// SPDX-License-Identifier: BSD-3-Clause
import RunningSluice
import Testing

/// Synthetic captures, made by a script that knows nothing of Sluice: each has one thing wrong.
@Suite(.enabled(if: Ability.has("/usr/bin/python3"), "needs python3"))
struct AnomalyTests {
  private static let kinds = [
    "go-back-n-storm", "silent-drop", "timeout-recovery", "rnr-storm", "cnp-storm",
    "ecn-misconfiguration", "pfc-storm", "incast", "microburst", "corruption",
    "queue-pair-error",
  ]
  private let bench = Workbench()

  /// The kinds of events that a replay of the capture tells of.
  private func events(of name: String) throws -> Set<String> {
    let made = bench.shell(
      "/usr/bin/python3 \(Place.package)/Tests/Oracle/anomalies.py . \(name)")
    try #require(made.wait(seconds: 120) == .status(0), "\(made.errors)")
    let run = bench.sluice(
      "replay \(Place.package)/Pipelines/telemetry.yaml --in wire=\(name).pcap --json")
    try #require(run.wait(seconds: 120) == .status(0), "\(run.errors)")
    return Set(Self.kinds.filter { run.output.contains("roce-telemetry: \($0) for ") })
  }

  @Test(arguments: kinds) func anAnomalyIsToldOfAndNoOther(kind: String) throws {
    #expect(try events(of: kind) == [kind])
  }

  /// With reordering, three losses far apart, marks, queue pairs that are used again.
  @Test func halfAnHourOfHealthyTrafficIsSilent() throws {
    #expect(try events(of: "healthy") == [])
  }
}
