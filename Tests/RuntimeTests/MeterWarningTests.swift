// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Testing

@testable import Runtime

@Suite struct MeterWarningTests {
  @Test(arguments: [1, 2])
  func checkSaysThatEachWorkerMetersAlone(workers: Int) throws {
    let plan = try plan(
      """
      sluice: 1
      workers: \(workers)
      ports: {a: "null:"}
      pipelines:
        main:
          input: a
          stages:
            - parse
            - police: {rate: 10Gbps, burst: 10KB}
            - send: a
      """)
    let warnings = plan.stageProblems().filter { $0.severity == .warning }
    #expect(warnings.map(\.location.line) == (workers > 1 ? [9] : []))
  }
}
