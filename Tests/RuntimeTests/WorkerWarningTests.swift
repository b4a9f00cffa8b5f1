// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Testing

@testable import Runtime

@Suite struct WorkerWarningTests {
  static let stages = [
    "police: {rate: 10Gbps, burst: 10KB}", "meter: {cir: 1Gbps, cbs: 9KB, ebs: 9KB}",
    "queue: {rate: 10Gbps}", "mark-ecn: {rate: 10Gbps, profile: hpcc}",
    "dcqcn-rp: {rate: 10Gbps}", "pfc: {port: a, rate: 10Gbps}",
  ]

  @Test(arguments: [1, 2], stages)
  func checkSaysWhatEachWorkerHasOfItsOwn(workers: Int, stage: String) throws {
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
            - \(stage)
            - send: a
      """)
    let warnings = plan.stageProblems().filter { $0.severity == .warning }
    #expect(warnings.map(\.location.line) == (workers > 1 ? [9] : []))
  }
}
