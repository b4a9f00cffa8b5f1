// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Wire

@Suite struct ConjunctionTests {
  func conjunctions(_ text: String) throws -> [Conjunction]? {
    try Expression.parse(text).conjunctions()
  }

  /// Random conditions over packets that are nearly right: a packet meets the condition if it
  /// meets one of the conjunctions, and only then.
  @Test func alternativesTogetherAreTheCondition() throws {
    var mutator = PacketMutator(seed: 11)
    var samples = PredicateSamples(random: SeededGenerator(seed: 12))
    var (held, split) = (0, 0)
    for _ in 0..<40 {
      let mutants = (0..<32).map { _ in mutator.next() }
      let packets = FieldPackets(
        mutants.map { CapturedPacket(bytes: $0.bytes, wireLength: $0.wireLength, link: $0.link) })
      for _ in 0..<40 {
        let expression = try Expression.parse(samples.condition(depth: 2))
        guard let ways = expression.conjunctions() else { continue }
        split += 1
        for index in 0..<32 {
          let expected = PredicateOracle(packets: packets, index: index).holds(expression.root)
          let found = ways.contains { $0.holds(of: packets, at: index) }
          #expect(found == expected, "\(expression.text)")
          held += expected ? 1 : 0
        }
      }
    }
    #expect(held > 5000 && split > 1000)
  }

  @Test(arguments: [
    "ip.ttl == 1 and ip.ttl == 2", "ipv4 and ipv6", "udp and not udp", "udp.dst == 1 and tcp",
    "ip.src in 10.0.0.0/8 and ip.src in 11.0.0.0/8", "ip.ttl < 5 and ip.ttl > 9",
  ])
  func contradictionsHaveNoAlternative(_ text: String) throws {
    #expect(try conjunctions(text) == [])
  }

  @Test func anAddressOfOneVersionHasOneAlternative() throws {
    #expect(try conjunctions("ip.src == 10.0.0.1")?.count == 1)
    #expect(try conjunctions("ip.dscp == 26")?.count == 2)
  }

  @Test func tooManyAlternativesAreRefused() throws {
    let one = "(ip.ttl == 1 or ip.dscp == 2 or udp.dst == 3)"
    #expect(try conjunctions(Array(repeating: one, count: 5).joined(separator: " and ")) == nil)
  }

  @Test(arguments: [
    ("ip.src in 10.1.0.0/16", "ip.src in 10.0.0.0/8"), ("udp.dst == 53", "udp"),
    ("udp.dst == 53", "ip"), ("udp.dst in {53, 67}", "udp.dst < 100"),
    ("bth.opcode == CNP and ip.ttl == 3", "roce"), ("reth.length > 5", "roce"),
    ("ip.ttl == 3 and not vlan", "not vlan"), ("ack", "aeth"),
  ])
  func aNarrowerConditionImpliesTheWiderOne(_ narrow: String, _ wide: String) throws {
    let (narrow, wide) = (try conjunctions(narrow) ?? [], try conjunctions(wide) ?? [])
    #expect(narrow.allSatisfy { one in wide.contains { one.implies($0) } })
    #expect(!wide.allSatisfy { one in narrow.contains { one.implies($0) } })
  }
}

extension Conjunction {
  /// Whether a packet meets it, told slowly.
  fileprivate func holds(of packets: FieldPackets, at index: Int) -> Bool {
    let layers = packets.headers(index).pointee.layers
    return present.allSatisfy { !layers.isDisjoint(with: $0) } && layers.isDisjoint(with: absent)
      && values.allSatisfy { place, ranges in
        guard let bits = place.place.bits(of: packets, at: index) else { return false }
        return ranges.contains { $0.contains(bits & place.mask) }
      }
  }
}

extension FieldPlace {
  fileprivate func bits(of packets: FieldPackets, at index: Int) -> UInt128? {
    guard words.low.isPresent(in: packets.headers(index).pointee.layers),
      let low = words.low.value(in: packets, at: index)
    else { return nil }
    let high = words.high.flatMap { $0.value(in: packets, at: index) } ?? 0
    return UInt128(high) << 64 | UInt128(low)
  }
}
