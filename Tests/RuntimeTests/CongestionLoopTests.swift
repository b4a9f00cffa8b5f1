// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Configuration
import Testing

@testable import Runtime

extension Running {
  /// A short run of what `make congestion` shows at length: senders, a switch and a receiver.
  @Suite struct CongestionLoopTests {
    func simulate(_ parameters: [String: String]) throws -> Report {
      let here = "Tests/RuntimeTests/CongestionLoopTests.swift"
      let path = #filePath.dropLast(here.count) + "Pipelines/incast.yaml"
      let loaded = PipelineFile.load(
        path: String(path), parameters: parameters, catalog: FileCatalog(.standard))
      let file = try #require(loaded.file)
      let plan = NICPlan(file, path: String(path), registry: .standard)
      return try Simulation(plan, start: shared).run().report
    }

    func figure(_ name: String, of stage: String, in report: Report) -> UInt64 {
      report.pipelines.flatMap(\.stages).filter { $0.label == stage }.flatMap(\.figures)
        .first { $0.name == name }?.value ?? 0
    }

    @Test func pausesKeepTheBeginningOfAnIncastFromLoss() throws {
      let report = try simulate(
        ["senders": "32", "time": "1200us", "settle": "1ms", "stagger": "0us"])
      #expect(report.problems == [])
      #expect(figure("priority 3 XOFF", of: "pfc", in: report) > 0)
      #expect(report.drops.map(\.reason) == ["pause-frame"])
      #expect(figure("most bytes", of: "bottleneck", in: report) > 8_000_000)
    }

    @Test func marksAreAnsweredAndHeeded() throws {
      let report = try simulate(["senders": "4", "time": "2ms", "settle": "1ms"])
      let marked = figure("ce marked", of: "bottleneck", in: report)
      let seen = figure("CE seen", of: "dcqcn-np", in: report)
      let sent = figure("CNPs sent", of: "dcqcn-np", in: report)
      #expect(marked > 0)
      #expect(seen == marked)
      #expect(sent > 0 && sent < seen)
      #expect(figure("CNPs handled", of: "reaction-point", in: report) == sent)
    }
  }
}
