// SPDX-License-Identifier: BSD-3-Clause
import Tables
import Testing
import Wire

/// What tables say that they take.
@Suite struct TableRoomTests {
  private func field(_ name: String) throws -> Field { try #require(FieldTable.field(named: name)) }

  private func room(of conditions: [String]) throws -> TableRoom {
    let conditions = try conditions.map { try Expression.parse($0) }
    return RuleTables(RulePlan(conditions.map { $0.conjunctions() }), conditions).room
  }

  @Test func anExactTableHasAPlaceForEachKey() throws {
    let rules = (0..<100 as Range<UInt64>).map {
      ExactTable.Rule(values: [.number($0 % 50)], number: UInt32($0))
    }
    let room = try ExactTable([try field("udp.dst")], rules).room
    #expect(room.inUse == 50)
    #expect(room.capacity >= 50 && room.capacity <= 60)
  }

  @Test func blocksOfOneVersionTakeNoMemoryForTheOther() throws {
    let one = try room(of: (0..<50).map { "ip.dst in 10.\($0).0.0/16" })
    let both = try room(
      of: (0..<50).map { "ip.dst in 10.\($0).0.0/16" }
        + (0..<50).map { "ipv6.dst in fd00:\($0)::/32" })
    let root = 4 << 16
    #expect(one.inUse == 50)
    #expect(one.bytes >= root && one.bytes < root + (64 << 10))
    #expect(both.bytes > 2 * root)
  }

  /// Few rules about little are found sooner than what is remembered of them.
  @Test func aSmallTernaryTableRemembersNothing() throws {
    let cache = 8192 * 16
    let small = try room(of: (0..<10).map { "vlan.id in \($0)..\($0 + 40)" })
    #expect(small.inUse == 10 && small.capacity == 64)
    #expect(small.bytes < cache)
    let large = try room(of: (0..<100).map { "vlan.id in \($0)..\($0 + 40)" })
    #expect(large.inUse == 100 && large.capacity == 128)
    #expect(large.bytes > cache)
  }

  @Test func tablesOfAllKindsAreAddedUp() throws {
    let exact = (0..<20).map { "udp.dst == \($0)" }
    let ranges = (0..<10).map { "vlan.id in \($0)..\($0 + 40)" }
    let (one, other, both) = try (room(of: exact), room(of: ranges), room(of: exact + ranges))
    #expect(both.bytes == one.bytes + other.bytes)
    #expect(both.capacity == one.capacity + other.capacity && both.inUse == 30)
  }
}
