// SPDX-License-Identifier: BSD-3-Clause
import DPDK
import Tables
import Testing

@testable import Runtime

/// What runs reserve for the tables of their stages.
@Suite struct TableMemoryTests {
  @Test func tablesOfAllWorkersAreAmongTheMemory() throws {
    func need(_ stages: String, workers: Int = 2) throws -> Int {
      try plan(
        """
        sluice: 1
        ports: {a: "null:"}
        pipelines: {main: {input: a, stages: [parse, \(stages), send: a]}}
        """
      ).memoryNeed(workers: workers).tables
    }
    let flows = try need("track-flows: {capacity: 16777216}")
    #expect(flows == 2 * FlowTable.byteCount(capacity: 16_777_216))
    #expect(try need("track-qps: {capacity: 16777216}") == flows)
    #expect(try need("count: seen") == 0)
    let meter = "meter: {cir: 1Mbps, cbs: 2KB, per: flow, capacity: 16777216}"
    #expect(try need(meter, workers: 1) >= 16_777_216 * 32)
    let rules = (0..<20).map { "{match: 'udp.dst == \($0)'}" }.joined(separator: ", ")
    #expect(try (500...2000).contains(need("classify: [\(rules)]")))
  }

  @Test func replaysAskForTheirTables() throws {
    let plan = try plan(
      """
      sluice: 1
      ports: {a: "null:"}
      pipelines: {main: {input: a, stages: [parse, track-flows: 1000000, send: a]}}
      """)
    let options = EALOptions.forReplay(of: plan, packets: 1000, dataRoom: 2176)
    #expect(options.memory?.tables == FlowTable.byteCount(capacity: 1_000_000))
  }
}
