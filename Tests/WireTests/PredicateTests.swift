// SPDX-License-Identifier: BSD-3-Clause
import Testing
import Wire

struct PredicateTests {
  static let udp = PacketSamples.ethernet(0x0800, PacketSamples.ipv4(17, PacketSamples.udp()))
  static let arp = PacketSamples.ethernet(0x0806, PacketSamples.arp)

  private func holds(_ text: String, of bytes: [UInt8]) throws -> Bool {
    let predicate = Predicate(try Expression.parse(text))
    return predicate.evaluate(1, FieldPackets(bytes)) == 1
  }

  @Test(arguments: [
    "udp", "not tcp", "ip", "ipv4 and not ipv6", "udp.dst == 4000", "ip.src in 10.0.0.0/8",
    "ip.src == 10.0.0.1 and ip.dst in {10.0.0.2..10.0.0.9}", "ip.ttl > 63 and ip.ttl < 65",
    "udp.dst in {53, 67, 68, 123, 161, 4000, 6081}", "udp.dst in {3999, 4000}",
    "eth.dst == 02:00:00:00:00:01", "ip.protocol == UDP", "packet.length == 46",
    "packet.captured == 46", "packet.malformation == none", "ipv4.df",
    "ip.version == 4 and ip.length == 32", "eth.dst & 0x020000000000 != 0",
  ])
  func conditionsHoldOfADatagram(_ text: String) throws {
    #expect(try holds(text, of: Self.udp))
  }

  /// A comparison with what is not there is false, and its negation therefore true.
  @Test func comparisonsWithAbsentFieldsAreFalse() throws {
    for comparison in ["ip.ttl == 64", "ip.ttl != 64", "ip.ttl not in {64}", "ip.ttl < 255"] {
      #expect(try !holds(comparison, of: Self.arp), "\(comparison)")
      #expect(try holds("not (\(comparison))", of: Self.arp), "not \(comparison)")
    }
  }

  @Test func anAddressOfOtherVersionIsNotEqual() throws {
    #expect(try holds("ip.src != fd00::1", of: Self.udp))
    #expect(try !holds("ip.src == fd00::1", of: Self.udp))
    #expect(try !holds("ip.src in {::/0}", of: Self.udp))
    #expect(try holds("ip.src in {::/0, 0.0.0.0/0}", of: Self.udp))
  }

  @Test func onlySelectedPacketsAreKept() throws {
    let packet = CapturedPacket(bytes: Self.udp, wireLength: Self.udp.count, link: .ethernet)
    let packets = FieldPackets(Array(repeating: packet, count: 64))
    let always = Predicate(try Expression.parse("udp or tcp"))
    let never = Predicate(try Expression.parse("tcp or arp and udp"))
    let selection: UInt64 = 0x8000_0000_f0f0_0001
    #expect(always.evaluate(selection, packets) == selection)
    #expect(never.evaluate(selection, packets) == 0)
    #expect(always.evaluate(.max, packets) == .max)
    #expect(always.evaluate(0, packets) == 0)
  }

  @Test func onePacketCanBeMatchedAlone() throws {
    let packets = FieldPackets(Self.udp)
    let single = SinglePacket(
      headers: packets.headers(0), bytes: packets.bytes(0), wireLength: packets.wireLength(0),
      capturedLength: packets.capturedLength(0))
    #expect(Predicate(try Expression.parse("udp.dst == 4000")).matches(single))
    #expect(!Predicate(try Expression.parse("udp.dst == 3999")).matches(single))
  }

  @Test func theMostNestedConditionIsEvaluated() throws {
    let levels = Expression.greatestDepth - 1
    let text =
      (0..<levels).map { $0 % 2 == 0 ? "arp or (" : "ip and (" }.joined() + "udp"
      + String(repeating: ")", count: levels)
    #expect(try holds(text, of: Self.udp))
    #expect(try !holds(text.replacing("udp", with: "tcp"), of: Self.udp))
  }

  /// Random conditions over packets that are nearly right, in bursts of many shapes.
  @Test func randomConditionsAreEvaluatedAsPlainReadingSays() throws {
    var mutator = PacketMutator(seed: 5)
    var samples = PredicateSamples(random: SeededGenerator(seed: 6))
    var kept = 0
    for round in 0..<60 {
      let mutants = (0..<64).map { _ in
        let next = mutator.next()
        return CapturedPacket(bytes: next.bytes, wireLength: next.wireLength, link: next.link)
      }
      let packets = FieldPackets(round % 2 == 0 ? mutants : Self.alike(mutants))
      for _ in 0..<50 {
        let expression = try Expression.parse(samples.condition(depth: 4))
        let selection = samples.random.next() | samples.random.next()
        let expected = plainReading(expression, packets, selection)
        let found = Predicate(expression).evaluate(selection, packets)
        #expect(found == expected, "\(expression)")
        #expect(try Expression.parse(expression.description) == expression)
        kept += found.nonzeroBitCount
      }
    }
    #expect(kept > 10000)
  }

  /// As many packets, all of which have the layers of the first one.
  private static func alike(_ packets: [CapturedPacket]) -> [CapturedPacket] {
    let layers = packets[0].parsed(by: standardRules).layers
    let alike = packets.filter { $0.parsed(by: standardRules).layers == layers }
    return packets.indices.map { alike[$0 % alike.count] }
  }

  private func plainReading(
    _ expression: Expression, _ packets: FieldPackets, _ selection: UInt64
  ) -> UInt64 {
    (0..<64).reduce(UInt64(0)) { mask, index in
      let holds = PredicateOracle(packets: packets, index: index).holds(expression.root)
      return holds ? mask | 1 << UInt64(index) : mask
    } & selection
  }
}
