// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Wire

/// What tshark reads in all shared captures over Ethernet after they were rewritten.
@Suite(.enabled(if: SharedCaptures.areReadable, "needs the shared captures and Wireshark's tools"))
struct RewriteOracleTests {
  /// Our field, the value, tshark's name for the field, and the layer that has it.
  private static let written: [(field: String, value: String, name: String, layer: Layers)] = [
    ("eth.src", "02:00:00:00:aa:01", "eth.src", .ethernet),
    ("eth.dst", "02:00:00:00:aa:02", "eth.dst", .ethernet),
    ("ip.dscp", "26", "ip.dsfield.dscp", .ipv4), ("ip.ecn", "CE", "ip.dsfield.ecn", .ipv4),
    ("ip.dscp", "26", "ipv6.tclass.dscp", .ipv6), ("ip.ecn", "CE", "ipv6.tclass.ecn", .ipv6),
    ("ip.ttl", "33", "ip.ttl", .ipv4), ("ip.ttl", "33", "ipv6.hlim", .ipv6),
    ("ip.src", "192.0.2.200", "ip.src", .ipv4), ("ip.dst", "198.51.100.7", "ip.dst", .ipv4),
    ("ip.src", "2001:db8::aa:1", "ipv6.src", .ipv6),
    ("ip.dst", "2001:db8::aa:2", "ipv6.dst", .ipv6),
    ("udp.src", "50001", "udp.srcport", .udp), ("udp.dst", "50002", "udp.dstport", .udp),
    ("tcp.src", "50003", "tcp.srcport", .tcp), ("tcp.dst", "50004", "tcp.dstport", .tcp),
    ("tcp.window", "4242", "tcp.window_size_value", .tcp),
  ]
  private static let statuses: [(name: String, layer: Layers)] = [
    ("ip.checksum.status", .ipv4), ("udp.checksum.status", .udp), ("tcp.checksum.status", .tcp),
    ("icmpv6.checksum.status", .icmpv6),
  ]
  private static let packets = ParserOracleTests.cases.map(\.packet).filter {
    $0.link == .ethernet
  }

  @Test func everyPacketHasTheWrittenValuesAndChecksumsAsGoodAsBefore() throws {
    let names = Self.written.map(\.name) + Self.statuses.map(\.name)
    let rewritten = try Self.rewritten()
    let (before, after) = (
      FieldTshark.read(Self.packets, names), FieldTshark.read(rewritten, names)
    )
    try #require(before.count == rewritten.count && after.count == rewritten.count)
    var good = 0
    for (index, packet) in Self.packets.enumerated() {
      let layers = packet.parsed().layers
      for (column, each) in Self.written.enumerated()
      where layers.contains(each.layer) && !before[index][column].isEmpty {
        let field = try #require(FieldTable.field(named: each.field))
        #expect(
          try field.parse(after[index][column]) == field.parse(each.value),
          "packet \(index + 1): \(each.name) is \(after[index][column])")
      }
      for (place, each) in Self.statuses.enumerated() where layers.contains(each.layer) {
        let column = Self.written.count + place
        #expect(
          after[index][column] == before[index][column], "packet \(index + 1): \(each.name)")
        good += after[index][column] == "1" ? 1 : 0
      }
    }
    #expect(good > 25000)
  }

  private static func rewritten() throws -> [CapturedPacket] {
    var seen: Set<String> = []
    let assignments = try written.filter { seen.insert("\($0.field) \($0.value)").inserted }
      .map { each in
        let field = try #require(FieldTable.field(named: each.field))
        return (field, try field.parse(each.value))
      }
    let rewrite = try Rewrite(assignments)
    return packets.map { packet in
      let source = FieldPackets([packet])
      rewrite.apply(1, source)
      return packet.holding(source.contents())
    }
  }
}
