// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Tables

/// What happens when there is no room: entries, or slots of a key's two buckets.
@Suite struct FullTableTests {
  @Test func theLongestIdleFlowIsEvicted() throws {
    var flows = try TrackedFlows(capacity: 4)
    for (place, number) in ([1, 2, 3, 4, 1] as [UInt64]).enumerated() {
      flows.see([number], at: UInt64(place))
    }
    flows.see([5], at: 10)
    #expect(flows.table.counts.evicted == 1)
    #expect(flows.table.inUse == 4)
    let seen = flows.see([1, 3, 4, 5], at: 11)
    #expect(seen.map(\.packets) == [3, 2, 2, 2])
    #expect(flows.table.counts.evicted == 1, "2 was not the one that went")
  }

  @Test func aNewFlowIsPassedWhenTheTableIsToKeepWhatItHas() throws {
    var flows = try TrackedFlows(capacity: 4, evicts: false)
    flows.see([1, 2, 3, 4], at: 0)
    let seen = flows.see([5, 1], at: 10)
    #expect(seen.map(\.packets) == [0, 2])
    #expect(seen[0].entry == nil)
    #expect(flows.table.counts.refused == 1 && flows.table.counts.evicted == 0)
  }

  @Test func aFlowThatIsOverMakesRoomEvenThen() throws {
    var flows = try TrackedFlows(capacity: 4, idle: 1000, evicts: false)
    flows.see([(key(1), 0), (key(2), 900), (key(3), 900), (key(4), 900)])
    let seen = flows.see([5], at: 1500)
    #expect(seen.map(\.packets) == [1])
    #expect(flows.table.counts.agedOut == 1 && flows.table.counts.refused == 0)
  }

  @Test func nothingThatTheBurstUsesIsEvicted() throws {
    var flows = try TrackedFlows(capacity: 32)
    flows.see((100..<132).map { $0 }, at: 0)
    let seen = flows.see((0..<64).map { $0 }, at: 10)
    for (number, sighting) in seen.enumerated() where sighting.entry != nil {
      #expect(sighting.key == key(UInt64(number)))
      #expect(sighting.packets == 1)
    }
    #expect(seen.count { $0.entry != nil } == 32)
    #expect(flows.table.counts.evicted == 32 && flows.table.counts.refused == 32)
  }

  @Test func flowsAgeOutAFewInEachBurst() throws {
    var flows = try TrackedFlows(capacity: 100, idle: 1000)
    flows.see((0..<40).map { $0 }, at: 0)
    var left: [Int] = []
    for burst in 0..<20 as Range<UInt64> {
      flows.see([99], at: 2000 + burst)
      left.append(flows.table.inUse)
    }
    #expect(zip(left, left.dropFirst()).allSatisfy { $0 - $1 <= 4 })
    #expect(left.last == 1)
    #expect(flows.table.counts.agedOut == 40)
  }

  @Test func fullBucketsGiveUpTheirLongestIdleFlow() throws {
    var flows = try TrackedFlows(capacity: 64)
    let numbers = flows.numbers(9, in: 0, or: 0)
    for (place, number) in numbers.prefix(8).enumerated() {
      flows.see([number], at: UInt64(place))
    }
    flows.see([numbers[8]], at: 20)
    #expect(flows.table.counts.evicted == 1)
    let seen = flows.see(Array(numbers.dropFirst()), at: 21)
    #expect(seen.map(\.packets) == Array(repeating: 2, count: 8))
  }

  @Test func fullBucketsPassWhatIsNewWhenTheTableIsToKeepWhatItHas() throws {
    var flows = try TrackedFlows(capacity: 64, evicts: false)
    let numbers = flows.numbers(9, in: 0, or: 0)
    flows.see(Array(numbers.prefix(8)), at: 0)
    let seen = flows.see(numbers, at: 1)
    #expect(seen.map(\.packets) == Array(repeating: 2, count: 8) + [0])
    #expect(flows.table.counts.collided == 1 && flows.table.counts.refused == 1)
    // The entry that was not needed can be used by another flow.
    let others = flows.numbers(8, in: 1, or: 1)
    #expect(flows.see(others, at: 2).allSatisfy { $0.packets == 1 })
  }

  @Test func aFlowMovesToItsOtherBucketToMakeRoom() throws {
    var flows = try TrackedFlows(capacity: 64, evicts: false)
    let stuck = flows.numbers(8, in: 0, or: 0)
    let movable = flows.numbers(1, in: 0, or: 3)
    flows.see(Array(stuck.prefix(5)) + movable + Array(stuck[5..<7]), at: 0)
    let seen = flows.see(stuck + movable, at: 1)
    #expect(seen.map(\.packets) == [2, 2, 2, 2, 2, 2, 2, 1, 2])
    #expect(flows.table.counts.collided == 0)
  }

  @Test func aTableThatIsFullToTheLastEntryFindsAllFlows() throws {
    var flows = try TrackedFlows(capacity: 20_000, evicts: false)
    for pass in 1...2 as ClosedRange<UInt64> {
      for start in stride(from: 0 as UInt64, to: 20_000, by: 50) {
        let seen = flows.see((start..<start + 50).map { $0 }, at: pass)
        #expect(seen.allSatisfy { $0.packets == pass })
      }
    }
    #expect(flows.table.inUse == 20_000)
    #expect(flows.table.counts.refused == 0)
  }
}
