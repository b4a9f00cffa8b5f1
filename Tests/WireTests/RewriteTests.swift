// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Wire

struct RewriteTests {
  static let writable = FieldTable.all.filter { $0.access == .writable }

  /// Every field into every kind of packet, sound, with checksums of 0, and damaged.
  @Test(arguments: [RewriteSamples.all, RewriteSamples.rdma])
  func aWrittenFieldIsReadBackAndNothingElseChanges(packets: [CapturedPacket]) throws {
    var samples = PredicateSamples(random: SeededGenerator(seed: 7))
    for field in Self.writable {
      for _ in 0..<4 {
        let value = try field.parse(samples.value(field))
        let rewrite = try Rewrite([(field, value)])
        let source = FieldPackets(packets)
        rewrite.apply(source.all, source)
        for (index, packet) in packets.enumerated() {
          let isExpected =
            source.contents(index) == RewriteOracle(packet).writing(field, value)
          #expect(isExpected, "packet \(index): \(field.name) = \(field.text(of: value))")
        }
      }
    }
  }

  @Test(arguments: [RewriteSamples.all, RewriteSamples.rdma])
  func manyFieldsAreWrittenAtOnce(packets: [CapturedPacket]) throws {
    var samples = PredicateSamples(random: SeededGenerator(seed: 8))
    for _ in 0..<100 {
      let fields = Self.distinct(&samples.random)
      let assignments = try fields.map { ($0, try $0.parse(samples.value($0))) }
      let source = FieldPackets(packets)
      let selection = samples.random.next()
      try Rewrite(assignments).apply(selection & source.all, source)
      for (index, packet) in packets.enumerated() {
        let isSelected = selection >> UInt64(index) & 1 != 0
        let headers = packet.parsed()
        let written = assignments.reduce(packet.bytes) { bytes, assignment in
          RewriteOracle(packet.holding(bytes), headers: headers)
            .writing(assignment.0, assignment.1)
        }
        let isExpected = source.contents(index) == (isSelected ? written : packet.bytes)
        #expect(isExpected, "packet \(index): \(fields)")
      }
    }
  }

  /// Fields of which no two have bits in common.
  private static func distinct(_ random: inout SeededGenerator) -> [Field] {
    let wholes = ["tcp.flags", "pfc.classes", "aeth.syndrome"]
    return writable.filter { field in
      !field.name.hasPrefix("ip.") && !wholes.contains(field.name) && random.isOneIn(3)
    }
  }

  @Test func sumsStayCorrectInPacketsThatNobodyMadeForThis() throws {
    var mutator = PacketMutator(seed: 9, of: PacketMutator.plain)
    var samples = PredicateSamples(random: SeededGenerator(seed: 10))
    for _ in 0..<400 {
      let packets = (0..<64).map { _ in
        let mutant = mutator.next()
        return CapturedPacket(
          bytes: mutant.bytes, wireLength: mutant.wireLength, link: mutant.link)
      }
      let field = samples.random.pick(Self.writable)
      let value = try field.parse(samples.value(field))
      let source = FieldPackets(packets)
      try Rewrite([(field, value)]).apply(.max, source)
      for (index, packet) in packets.enumerated() {
        let expected = RewriteOracle(packet).writing(field, value)
        #expect(source.contents(index) == expected, "\(field.name) = \(field.text(of: value))")
      }
    }
  }

  @Test func theSameValueAgainLeavesEveryByte() throws {
    for packet in RewriteSamples.all {
      let source = FieldPackets([packet])
      for field in Self.writable {
        guard let value = field.value(in: source) else { continue }
        try Rewrite([(field, value)]).apply(1, source)
        #expect(source.contents() == packet.bytes, "\(field.name)")
      }
    }
  }

  @Test func addressesOfTheOtherVersionAreLeftAlone() throws {
    let field = try #require(FieldTable.field(named: "ip.src"))
    let rewrite = try Rewrite([(field, try field.parse("fd00::9"))])
    for packet in RewriteSamples.all {
      let source = FieldPackets([packet])
      guard !source.headers(0).pointee.layers.contains(.ipv6) else { continue }
      rewrite.apply(1, source)
      #expect(source.contents() == packet.bytes)
    }
  }

  @Test(arguments: [
    ("ipv4.length", "1", "ipv4.length cannot be set: it follows from the packet's bytes"),
    ("udp.checksum", "1", "it is corrected whenever a field that it covers is set"),
    ("eth.type", "1", "it says what follows, which writing it would not change"),
    ("ipv4.mf", "1", "it says which part of a datagram the packet is"),
    ("packet.length", "1", "it is known of the packet, not part of it"),
  ])
  func fieldsThatCannotBeSetSayWhy(_ name: String, _ text: String, _ message: String) throws {
    let field = try #require(FieldTable.field(named: name))
    let value = try field.parse(text)
    let error = #expect(throws: FieldError.self) { _ = try Rewrite([(field, value)]) }
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
  }

  @Test func valuesOfAnotherKindAreRefused() throws {
    let port = try #require(FieldTable.field(named: "udp.dst"))
    let source = try #require(FieldTable.field(named: "ip.src"))
    let address = FieldValue.ipv4(IPv4Address(value: 1))
    #expect(throws: FieldError.self) { _ = try Rewrite([(port, .number(65536))]) }
    #expect(throws: FieldError.self) { _ = try Rewrite([(port, address)]) }
    #expect(throws: FieldError.self) { _ = try Rewrite([(source, .number(1))]) }
  }

  @Test func bitsAreSetOnce() throws {
    let either = try #require(FieldTable.field(named: "ip.dscp"))
    let own = try #require(FieldTable.field(named: "ipv6.dscp"))
    let error = #expect(throws: FieldError.self) {
      _ = try Rewrite([(either, .number(1)), (own, .number(2))])
    }
    #expect(error?.message == "ipv6.dscp sets bits that are already set to something")
  }
}
