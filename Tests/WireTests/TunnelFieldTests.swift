// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Wire

private typealias Packet = PacketSamples
private typealias Sample = TunnelSamples

struct TunnelFieldTests {
  private static let virtual = Sample.overGRE(Sample.gre(0x20, 0x6558, [0, 2, 3, 4]))
  private static let mirrorII = Sample.overGRE(Sample.mirrorII([]))
  private static let mirrorIII = Sample.overGRE(Sample.mirrorIII([]))
  private static let geneve = Sample.over(6081, Sample.geneve(0, [], options: [1, 3, 0, 0]))
  private static let mobile = Sample.over(2152, Sample.gtpu(Sample.roce))
  private static let nested = Packet.ethernet(0x0800, Sample.nested(1))

  private static let values: [(name: String, text: String, bytes: [UInt8])] = [
    ("vxlan.vni", "7", Sample.over(4789, Sample.vxlan(Sample.frame))),
    ("vxlan.next_protocol", "NSH", Sample.over(4790, Sample.vxlan([], flags: 12, next: 4))),
    ("geneve.options_length", "1", geneve), ("geneve.critical", "true", geneve),
    ("geneve.oam", "false", geneve), ("geneve.version", "0", geneve),
    ("gre.protocol", "ERSPAN", mirrorII), ("gre.sequence_present", "true", mirrorII),
    ("gre.key_present", "true", virtual), ("nvgre.vsid", "515", virtual),
    ("nvgre.flow", "4", virtual), ("erspan.session", "257", mirrorII),
    ("erspan.index", "66051", mirrorII), ("erspan.cos", "3", mirrorIII),
    ("erspan.timestamp", "255", mirrorIII), ("erspan.group", "33", mirrorIII),
    ("erspan.egress", "true", mirrorIII), ("erspan.granularity", "100ns", mirrorIII),
    ("gtpu.teid", "0x0000abcd", mobile), ("gtpu.type", "Packet", mobile),
    ("tunnel.id", "257", mirrorII), ("tunnel.id", "0", nested), ("tunnel.count", "1", nested),
    ("tunnel.count", "0", Packet.ethernet(0x0800, Sample.roce)),
    ("inner.ip.protocol", "UDP", nested), ("ip.protocol", "IPv4", nested),
  ]

  @Test func fieldsOfTunnelsAreReadWhereTheyAre() throws {
    for (name, text, bytes) in Self.values {
      let field = try #require(FieldTable.field(named: name))
      #expect(field.value(in: FieldPackets(bytes)).map(field.text) == text, "\(name)")
    }
  }

  @Test(arguments: [
    "inner.ip.dscp", "inner.eth.dst", "inner.udp.src", "vxlan.vni", "nvgre.flow", "gtpu.teid",
  ])
  func nothingElseInATunnelCanBeSet(name: String) throws {
    let field = try #require(FieldTable.field(named: name))
    let value = try field.parse(field.kind == .mac ? "02:00:00:00:00:01" : "1")
    let error = #expect(throws: FieldError.self) { _ = try Rewrite([(field, value)]) }
    #expect(
      error?.message
        == "\(name) cannot be set: the checksums of the headers around it would not follow")
  }

  @Test(arguments: [
    "inner.ip.dscp == 26", "inner.eth and not inner.vlan", "inner.ip.src in 10.0.0.0/8",
    "inner.udp.dst in 4790..4791", "inner.ipv4.ecn != CE", "tunnel.count >= 1 and tunnel",
    "erspan.granularity == 100us", "gre.protocol == ERSPAN-III",
  ])
  func namesWithTwoDotsAreRead(text: String) throws {
    #expect(try Expression.parse(text).root == Expression.parse("( \(text) )").root)
  }

  @Test func conditionsSeeTheInnerPacket() throws {
    let packets = FieldPackets(Sample.over(4789, Sample.vxlan(Sample.frame)))
    let source = SinglePacket(
      headers: packets.headers(0), bytes: packets.bytes(0), wireLength: packets.wireLength(0),
      capturedLength: packets.capturedLength(0))
    for (text, holds) in [
      ("roce and vxlan.vni == 7", true), ("inner.udp.dst == 4791 and udp.dst == 4789", true),
      ("inner.ip.dscp == 26", false), ("inner.vlan", false), ("tunnel.id in {7, 9}", true),
    ] {
      #expect(Predicate(try Expression.parse(text)).matches(source) == holds, "\(text)")
    }
  }
}
