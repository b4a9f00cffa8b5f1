// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Telemetry

@Suite("Looks at all queue pairs")
struct QueuePairSweepTests {
  private func memory() throws -> TelemetryMemory {
    var limits = TelemetryLimits()
    limits.capacity = 1
    return try TelemetryMemory(limits, seed: 1, begun: BegunEvents(), pages: .whenUsed)
  }

  @Test func whatIsOnItsWayFromOnePlaceToAnotherIsNotForgotten() throws {
    let memory = try memory()
    memory.opcodes[6] = 100
    memory.retired[Metric.messages.rawValue] = 10
    memory.sweepQueuePairs()
    memory.opcodes[6] = 60
    memory.retired[Metric.messages.rawValue] = 4
    memory.sweepQueuePairs()
    #expect(memory.sweep.opcodes[6] == 100 && memory.sweep.values[.packets] == 100)
    #expect(memory.sweep.values[.messages] == 10)
  }

  @Test func whatComesLaterIsAdded() throws {
    let memory = try memory()
    memory.opcodes[6] = 100
    memory.sweepQueuePairs()
    memory.opcodes[6] = 130
    memory.sweepQueuePairs()
    #expect(memory.sweep.values[.packets] == 130)
  }
}
