// SPDX-License-Identifier: BSD-3-Clause
import Tables
import Testing
import Wire

@Suite struct TableLimitTests {
  private func field(_ name: String) throws -> Field { try #require(FieldTable.field(named: name)) }

  @Test func anExactTableHasAddressesOfOneVersion() throws {
    let source = try field("ip.src")
    let rules = [
      ExactTable.Rule(values: [.ipv4(IPv4Address(value: 1))], number: 0),
      ExactTable.Rule(values: [.ipv6(IPv6Address(high: 0, low: 1))], number: 1),
    ]
    #expect(throws: TableError.self) { _ = try ExactTable([source], rules) }
  }

  @Test func aPrefixTableIsAboutAddresses() throws {
    let port = try field("udp.dst")
    #expect(throws: TableError.self) { _ = try PrefixTable(port, []) }
  }

  @Test func aTernaryTableKeepsToItsMemory() throws {
    let place = try field("udp.dst").places.first
    let rules = (0..<1000).map { number in
      let low = UInt128(number)
      return TernaryRule(number: UInt32(number), tests: [.range(place, low...(low + 1000))])
    }
    #expect(throws: TableError.self) { _ = try TernaryTable(rules, memoryLimit: 1 << 16) }
    _ = try TernaryTable(rules, memoryLimit: 1 << 20)
  }

  @Test func aRuleThatAsksForNothingMatchesEveryPacket() throws {
    var random = SeededGenerator(seed: 4)
    let packets = RandomPackets(&random)
    let table = try TernaryTable([TernaryRule(number: 7, tests: [])])
    var results = [UInt32](repeating: .max, count: 64)
    results.withUnsafeMutableBufferPointer {
      if let start = $0.baseAddress { table.lookUp(0xff, packets, start) }
    }
    #expect(results == (0..<64).map { $0 < 8 ? 7 : .max })
  }
}
