// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Tables

@Suite struct FlowTableTests {
  @Test func aFlowCountsItsPacketsAndBytes() throws {
    var flows = try TrackedFlows(capacity: 100)
    flows.see([1, 2], at: 0)
    let second = flows.see([2], at: 10)
    #expect(second.map(\.packets) == [2])
    #expect(second.map(\.bytes) == [200])
    #expect(second[0].entry?.pointee.lastSeen == 10)
    #expect(flows.table.inUse == 2)
  }

  @Test func packetsOfANewFlowInOneBurstShareItsEntry() throws {
    var flows = try TrackedFlows(capacity: 100)
    let seen = flows.see([5, 6, 5, 5], at: 0)
    #expect(seen.map(\.packets) == [3, 1, 3, 3])
    #expect(flows.table.counts.inserted == 2)
  }

  @Test func aFlowTakesAtMost128Bytes() throws {
    for capacity in [4, 1000, 65536] {
      let flows = try TrackedFlows(capacity: capacity)
      #expect(flows.table.byteCount <= capacity * 128)
      #expect(flows.table.byteCount == FlowTable.byteCount(capacity: capacity))
    }
    #expect(FlowTable.bytesPerFlow <= 128)
    #expect(MemoryLayout<FlowLookup>.stride == 64)
  }

  /// A dictionary that forgets a flow when the next packet comes too late.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func theTableAgreesWithADictionary(seed: UInt64) throws {
    struct Known {
      var packets: UInt64 = 0
      var last: UInt64
    }
    var generator = Numbers(state: seed)
    var flows = try TrackedFlows(capacity: 600, idle: 1000, seed: seed)
    var model: [UInt64: Known] = [:]
    var time: UInt64 = 0
    for _ in 0..<11_000 {
      time += generator.next() % 60
      let burst = (0...generator.next() % 64).map { _ in
        // Few flows that come often, and many that come seldom.
        generator.next() % 2 == 0 ? generator.next() % 20 : generator.next() % 600
      }
      for number in burst {
        var known = model[number] ?? Known(last: time)
        if time - known.last > 1000 { known.packets = 0 }
        known.packets += 1
        known.last = time
        model[number] = known
      }
      let seen = flows.see(burst, at: time)
      try #require(seen.map(\.packets) == burst.map { model[$0]?.packets ?? 0 })
      try #require(seen.map(\.key) == burst.map { key($0) })
    }
    let counts = flows.table.counts
    #expect(counts.agedOut > 0 && counts.refused == 0 && counts.evicted == 0)
  }

  @Test func keysWithOneTagAreKeptApart() throws {
    var flows = try TrackedFlows(capacity: 4)
    var byTag: [UInt32: UInt64] = [:]
    var twins: [UInt64] = []
    for number in 0 as UInt64..<400_000 where twins.isEmpty {
      let tag = flows.table.index.tag(flows.table.hash(key(number)))
      if let other = byTag[tag] { twins = [other, number] }
      byTag[tag] = number
    }
    try #require(twins.count == 2)
    flows.see(twins, at: 0)
    let seen = flows.see([twins[1], twins[0], twins[1]], at: 1)
    #expect(seen.map(\.key) == [key(twins[1]), key(twins[0]), key(twins[1])])
    #expect(seen.map(\.packets) == [3, 2, 3])
  }

  @Test func timesThatGoBackEndNothing() throws {
    var flows = try TrackedFlows(capacity: 10, idle: 1000)
    flows.see([1], at: 1_000_000)
    let seen = flows.see([1, 2], at: 5)
    #expect(seen.map(\.packets) == [2, 1])
    #expect(flows.table.counts.agedOut == 0 && flows.table.counts.restarted == 0)
  }

  @Test func aFlowThatWasIdleForTooLongBeginsAnew() throws {
    var flows = try TrackedFlows(capacity: 10, idle: 1000)
    // One burst, so that its age is seen by the look-up and not before.
    let seen = flows.see([(key(1), 0), (key(1), 1000), (key(1), 2001)])
    #expect(seen[2].packets == 1)
    #expect(flows.table.counts.restarted == 1)
    #expect(flows.table.inUse == 1)
  }

  @Test func oneSeedGivesOneTable() throws {
    var one = try TrackedFlows(capacity: 50, seed: 3)
    var other = try TrackedFlows(capacity: 50, seed: 3)
    var generator = Numbers(state: 9)
    for burst in 0..<200 as Range<UInt64> {
      let numbers = (0..<20).map { _ in generator.next() % 90 }
      let first = one.see(numbers, at: burst * 10).map(\.packets)
      #expect(first == other.see(numbers, at: burst * 10).map(\.packets))
    }
    #expect(one.table.counts == other.table.counts)
    #expect(one.table.counts.evicted > 0)
  }
}

/// Numbers that look random and are the same in each run.
struct Numbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 33
  }
}
