// SPDX-License-Identifier: BSD-3-Clause
import Telemetry
import Testing

@testable import Health

@Suite("The verdict of a report")
struct VerdictTests {
  private func report(_ change: (inout HealthReport) -> Void) -> HealthReport {
    var report = HealthReport()
    report.packets = 5000
    report.telemetry.totals[.packets] = 1200
    report.telemetry.queuePairCount = 2
    change(&report)
    return report
  }

  @Test func trafficWithoutAnomaliesIsHealthy() {
    #expect(report { _ in }.verdict == "healthy: no anomaly in 1,200 packets of 2 queue pairs")
  }

  @Test func losesThatAreNoAnomalyAreSaid() {
    let report = report { $0.telemetry.totals[.lost] = 3 }
    #expect(
      report.verdict == "healthy: no anomaly in 1,200 packets of 2 queue pairs, but 3 lost")
  }

  @Test func anomaliesAreCountedAndNamedOnce() {
    let report = report { report in
      let kinds: [TelemetryEvent.Kind] = [.incast, .silentDrop, .incast]
      report.telemetry.events = kinds.map { TelemetryEvent(kind: $0, start: 1, end: 2) }
    }
    #expect(
      report.verdict
        == "3 problems in 1,200 packets of 2 queue pairs: silent-drop, incast (2)")
  }

  @Test func withoutRoCEThereIsNothingToJudge() {
    let report = report { $0.telemetry.totals[.packets] = 0 }
    #expect(report.verdict == "nothing to judge: no RoCE traffic in 5,000 packets")
  }
}
