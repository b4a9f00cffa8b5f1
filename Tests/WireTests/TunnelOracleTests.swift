// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Wire

/// What we find in the tunnels of every shared capture over Ethernet, and of our samples, held
/// against tshark's reading.
@Suite(.enabled(if: SharedCaptures.areReadable, "needs the shared captures and Wireshark's tools"))
struct TunnelOracleTests {
  /// Our field, tshark's, and the protocol whose place tells which of its values is meant.
  private static let fields: [(ours: String, tsharks: String, of: Substring)] = [
    ("inner.eth.src", "eth.src", "eth"), ("inner.eth.dst", "eth.dst", "eth"),
    ("inner.vlan.id", "vlan.id", "vlan"), ("inner.vlan.pcp", "vlan.priority", "vlan"),
    ("inner.ip.src", "ip.src", "ip"), ("inner.ipv4.dst", "ip.dst", "ip"),
    ("inner.ipv4.id", "ip.id", "ip"), ("inner.ip.ttl", "ip.ttl", "ip"),
    ("inner.ipv4.dscp", "ip.dsfield.dscp", "ip"), ("inner.ip.src", "ipv6.src", "ipv6"),
    ("inner.ipv6.dst", "ipv6.dst", "ipv6"), ("inner.ipv6.flow_label", "ipv6.flow", "ipv6"),
    ("inner.udp.src", "udp.srcport", "udp"), ("inner.udp.dst", "udp.dstport", "udp"),
    ("inner.udp.checksum", "udp.checksum", "udp"), ("inner.tcp.src", "tcp.srcport", "tcp"),
    ("inner.tcp.dst", "tcp.dstport", "tcp"), ("inner.tcp.seq", "tcp.seq_raw", "tcp"),
    ("inner.icmp.type", "icmp.type", "icmp"), ("inner.icmp.checksum", "icmp.checksum", "icmp"),
    ("inner.icmpv6.type", "icmpv6.type", "icmpv6"), ("vxlan.vni", "vxlan.vni", "vxlan"),
    ("geneve.vni", "geneve.vni", "geneve"), ("geneve.protocol", "geneve.proto_type", "geneve"),
    ("geneve.critical", "geneve.flags.critical", "geneve"), ("gre.protocol", "gre.proto", "gre"),
    ("gre.key_present", "gre.flags.key", "gre"),
    ("gre.sequence_present", "gre.flags.sequence_number", "gre"),
    ("gre.checksum_present", "gre.flags.checksum", "gre"), ("tunnel.id", "mpls.label", "mpls"),
    ("erspan.version", "erspan.version", "erspan"), ("erspan.vlan", "erspan.vlan", "erspan"),
    ("erspan.cos", "erspan.cos", "erspan"), ("erspan.session", "erspan.spanid", "erspan"),
    ("erspan.index", "erspan.index", "erspan"), ("erspan.damage", "erspan.bso", "erspan"),
    ("erspan.encapsulation", "erspan.encap", "erspan"),
    ("erspan.timestamp", "erspan.timestamp", "erspan"), ("erspan.group", "erspan.sgt", "erspan"),
    ("erspan.hardware", "erspan.hw", "erspan"), ("erspan.frame_type", "erspan.ft", "erspan"),
    ("erspan.egress", "erspan.direction", "erspan"), ("gtpu.teid", "gtp.teid", "gtp"),
    ("gtpu.length", "gtp.length", "gtp"), ("gtpu.type", "gtp.message", "gtp"),
    ("bth.dest_qp", "infiniband.bth.destqp", "infiniband"),
    ("bth.psn", "infiniband.bth.psn", "infiniband"),
  ]

  /// A packet, and tshark's values of each field.
  struct Case {
    let number: Int
    let packet: CapturedPacket
    let headers: Headers
    let protocols: [Substring]
    let tunnels: TsharkTunnels
    let values: [[Substring]]
  }

  static let cases: [Case] = {
    let captured = ParserOracleTests.cases.map(\.packet).filter { $0.link == .ethernet }
    let packets =
      captured
      + TunnelSamples.all.map {
        CapturedPacket(bytes: $0.bytes, wireLength: $0.bytes.count, link: $0.link)
      }
    let names = ["frame.protocols", "gre.flags.version"] + fields.map(\.tsharks)
    let lines = FieldTshark.read(packets, names, occurrence: "a")
    // tshark fills only one of two columns of the same field.
    guard lines.count == packets.count,
      let ports = fields.firstIndex(where: { $0.tsharks == "udp.dstport" })
    else { return [] }
    return packets.indices.map { index in
      let values = lines[index].map { $0.split(separator: ",") }
      let protocols = lines[index][0].split(separator: ":")
      return Case(
        number: index + 1, packet: packets[index], headers: packets[index].parsed(),
        protocols: protocols,
        tunnels: TsharkTunnels(protocols, ports: values[ports + 2], greVersions: values[1]),
        values: Array(values.dropFirst(2)))
    }
  }()

  /// Where something is wrong tshark may show the remains of a header, and we do not.
  @Test func tunnelsAreThoseOfTshark() {
    // What GRE's flags and ERSPAN's version make of a GRE header the fields show.
    let compared = Layers.tunnel.subtracting([.nvgre, .erspan2, .erspan3, .innerFragment])
    for each in Self.cases where !isException(each) {
      let found = each.headers.layers.intersection(compared)
      let expected = each.tunnels.layers.intersection(compared)
      let isExplained = each.headers.malformation != .none && found.isSubset(of: expected)
      #expect(
        found == expected || isExplained,
        "packet \(each.number): \(each.protocols.joined(separator: ":"))")
      if each.headers.malformation == .none {
        #expect(Int(each.headers.tunnelCount) == each.tunnels.count, "packet \(each.number)")
      }
    }
  }

  /// tshark looks into the first fragment of a tunnel's packet, and we into none. VXLAN-GPE that
  /// names no protocol is Ethernet, and to tshark mere data.
  private func isException(_ each: Case) -> Bool {
    !each.headers.layers.isDisjoint(with: [.fragment, .innerFragment])
      || each.headers.layers.contains(.vxlan) && each.protocols.suffix(2) == ["udp", "data"]
  }

  @Test func fieldsInTunnelsHaveTsharksValues() throws {
    let fields = try Self.fields.map { try #require(FieldTable.field(named: $0.ours)) }
    var compared = [Int](repeating: 0, count: fields.count)
    for each in Self.cases where each.headers.tunnelCount > 0 {
      let source = FieldPackets([each.packet])
      for (column, field) in fields.enumerated() {
        let kind = Self.fields[column].of
        let values = each.values[column]
        // One value for each header of the kind, or it is not clear whose they are.
        guard let place = each.tunnels.places[kind], let value = field.value(in: source),
          values.count == each.protocols.count(where: { $0 == kind })
        else { continue }
        #expect(
          value == (try? field.parse(values[place])),
          "packet \(each.number): \(field.name) is \(field.text(of: value)), not \(values[place])")
        compared[column] += 1
      }
    }
    for (column, count) in compared.enumerated() {
      #expect(count > 0, "\(Self.fields[column].tsharks) was not compared")
    }
  }

  @Test func manyTunnelsAreCompared() {
    let kinds: [(Layers, Int)] = [
      (.vxlan, 230), (.geneve, 50), (.gre, 100), (.nvgre, 1), (.erspan2, 16), (.erspan3, 58),
      (.gtpu, 100),
    ]
    for (layer, count) in kinds {
      #expect(Self.cases.count { $0.headers.layers.contains(layer) } >= count)
    }
  }
}
