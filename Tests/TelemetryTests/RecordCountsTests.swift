// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Telemetry

@Suite("Counts by their lowest bits")
struct RecordCountsTests {
  /// Whole counts, as an observer keeps them beside a record.
  private struct Counted {
    var record = QueuePairRecord()
    var whole = [UInt64](repeating: 0, count: Metric.stride)
    var settled = 0

    mutating func add(_ counts: RecordCounts) {
      guard record.counts.add(counts) else { return }
      whole = now
      settled += 1
    }

    /// As somebody reads them between two times at which they are made whole.
    var now: [UInt64] {
      var copy = whole
      copy.withUnsafeMutableBufferPointer { copy in
        if let start = copy.baseAddress { record.copyMetrics(to: start) }
      }
      return copy
    }

    subscript(_ metric: Metric) -> UInt64 { now[metric.rawValue] }
  }

  @Test func wholeCountsAreKnownAtAnyTime() {
    var counted = Counted()
    for number in 1...200_000 as ClosedRange<UInt64> {
      counted.add(RecordCounts(messages: 1))
      if number % 997 == 0 { #expect(counted[.messages] == number) }
    }
    #expect(counted[.messages] == 200_000)
  }

  @Test func aCountDoesNotRunIntoTheNext() {
    var counted = Counted()
    for _ in 0..<100_000 { counted.add(RecordCounts(messages: 1, acknowledgementRequests: 1)) }
    for _ in 0..<70_000 { counted.add(RecordCounts(writes: 1, notECT: 1)) }
    #expect(counted[.messages] == 100_000)
    #expect(counted[.acknowledgementRequests] == 100_000)
    #expect(counted[.writeRequests] == 70_000)
    #expect(counted[.notECT] == 70_000)
  }

  @Test func wholeCountsAreTouchedSeldom() {
    var counted = Counted()
    for _ in 0..<81_920 { counted.add(RecordCounts(messages: 1, writes: 1)) }
    #expect(counted.settled == 10)
  }

  @Test(arguments: [0, 1, 0x7fff_ffff, 0xffff_ffff, 0x1_0000_0001, 0x5_8000_0000] as [UInt64])
  func bytesOfMessagesAreTheNearestNumberWithTheirBits(bytes: UInt64) {
    var counted = Counted()
    counted.whole[Metric.messageBytes.rawValue] = bytes
    counted.record.messageTotal = UInt32(truncatingIfNeeded: bytes &+ 0x3fff_ffff)
    #expect(counted[.messageBytes] == bytes + 0x3fff_ffff)
  }
}

@Suite("Runs of packets by opcode")
struct OpcodeRunTests {
  @Test(arguments: [0x00, 0x06, 0x20, 0x26, 0xa6] as [UInt8])
  func aMessageIsOneRun(first: UInt8) {
    #expect((0...2).map { OpcodeRun.opcode(for: first + $0) } == [first, first, first])
  }

  @Test(arguments: [0x03, 0x04, 0x09, 0x0a, 0x0c, 0x11, 0x64, 0x81] as [UInt8])
  func anyOtherPacketIsOfARunOfItsOwn(opcode: UInt8) {
    #expect(OpcodeRun.opcode(for: opcode) == opcode)
  }

  @Test func aRunTellsHowManyPacketsThereWereOfEachOpcode() {
    var run = OpcodeRun(opcode: 0x06)
    for opcode: UInt8 in [0x07, 0x08, 0x06, 0x07, 0x07, 0x08] {
      run.add(OpcodeRun.step(of: opcode))
    }
    var counts: [UInt8: UInt64] = [:]
    run.count { counts[$0] = $1 }
    #expect(counts == [0x06: 1, 0x07: 3, 0x08: 2])
  }

  @Test(arguments: [0x06, 0x07, 0x08, 0x0a] as [UInt8])
  func aRunEndsBeforeACountIsFull(opcode: UInt8) {
    let run = OpcodeRun.opcode(for: opcode)
    var ended = OpcodeRun(opcode: run)
    var packets: UInt64 = 0
    while ended.difference(to: run) == 0 {
      ended.add(OpcodeRun.step(of: opcode))
      packets += 1
    }
    var counts: [UInt8: UInt64] = [:]
    ended.count { counts[$0] = $1 }
    #expect(counts[opcode] == packets)
    #expect(counts.values.reduce(0, +) == packets)
  }
}
