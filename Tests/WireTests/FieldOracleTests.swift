// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Wire

/// Our reading of the fields of every shared capture over Ethernet, held against tshark's.
@Suite(.enabled(if: SharedCaptures.areReadable, "needs the shared captures and Wireshark's tools"))
struct FieldOracleTests {
  /// What tshark calls our fields.
  private static let names = [
    "eth.src": "eth.src", "eth.dst": "eth.dst", "eth.type": "eth.type", "vlan.id": "vlan.id",
    "vlan.pcp": "vlan.priority", "vlan.dei": "vlan.dei", "vlan.type": "vlan.etype",
    "arp.operation": "arp.opcode", "arp.sender_mac": "arp.src.hw_mac",
    "arp.sender_ip": "arp.src.proto_ipv4", "arp.target_mac": "arp.dst.hw_mac",
    "arp.target_ip": "arp.dst.proto_ipv4", "arp.hardware": "arp.hw.type",
    "arp.protocol": "arp.proto.type", "ipv4.version": "ip.version", "ipv4.dscp": "ip.dsfield.dscp",
    "ipv4.ecn": "ip.dsfield.ecn", "ipv4.length": "ip.len", "ipv4.id": "ip.id",
    "ipv4.df": "ip.flags.df", "ipv4.mf": "ip.flags.mf", "ipv4.ttl": "ip.ttl",
    "ipv4.protocol": "ip.proto", "ipv4.checksum": "ip.checksum", "ipv4.src": "ip.src",
    "ipv4.dst": "ip.dst", "ipv6.version": "ipv6.version", "ipv6.dscp": "ipv6.tclass.dscp",
    "ipv6.ecn": "ipv6.tclass.ecn", "ipv6.flow_label": "ipv6.flow", "ipv6.length": "ipv6.plen",
    "ipv6.next_header": "ipv6.nxt", "ipv6.hop_limit": "ipv6.hlim", "ipv6.src": "ipv6.src",
    "ipv6.dst": "ipv6.dst", "udp.src": "udp.srcport", "udp.dst": "udp.dstport",
    "udp.length": "udp.length", "udp.checksum": "udp.checksum", "tcp.src": "tcp.srcport",
    "tcp.dst": "tcp.dstport", "tcp.seq": "tcp.seq_raw", "tcp.ack": "tcp.ack_raw",
    "tcp.cwr": "tcp.flags.cwr", "tcp.ece": "tcp.flags.ece", "tcp.urg": "tcp.flags.urg",
    "tcp.ack_flag": "tcp.flags.ack", "tcp.psh": "tcp.flags.push", "tcp.rst": "tcp.flags.reset",
    "tcp.syn": "tcp.flags.syn", "tcp.fin": "tcp.flags.fin",
    "tcp.window": "tcp.window_size_value", "tcp.checksum": "tcp.checksum",
    "tcp.urgent_pointer": "tcp.urgent_pointer", "icmp.type": "icmp.type",
    "icmp.code": "icmp.code", "icmp.checksum": "icmp.checksum", "icmpv6.type": "icmpv6.type",
    "icmpv6.code": "icmpv6.code", "icmpv6.checksum": "icmpv6.checksum",
    "packet.length": "frame.len", "packet.captured": "frame.cap_len",
  ]

  private static let packets = ParserOracleTests.cases.map(\.packet).filter { $0.link == .ethernet }

  @Test func everyValueIsTsharks() throws {
    let fields = try Self.names.map { try (#require(FieldTable.field(named: $0.key)), $0.value) }
    let lines = FieldTshark.read(Self.packets, fields.map(\.1) + ["ieee8021ad.id"])
    try #require(lines.count == Self.packets.count)
    var compared: [String: Int] = [:]
    for (packet, line) in zip(Self.packets, lines) {
      let source = FieldPackets([packet])
      // A service tag has other names in tshark, and the customer tag behind it comes second.
      let isService = !line[fields.count].isEmpty
      for (column, field) in fields.map(\.0).enumerated() where !line[column].isEmpty {
        guard let value = field.value(in: source), !(isService && field.name.hasPrefix("vlan."))
        else { continue }
        // Captured before segmentation: tshark shows the length that it works with instead.
        if field.name == "ipv4.length", value == .number(0) { continue }
        #expect(value == (try? field.parse(line[column])), "\(field.name): \(line[column])")
        compared[field.name, default: 0] += 1
      }
    }
    for field in fields.map(\.0) {
      #expect(compared[field.name, default: 0] > 10, "\(field.name) was hardly compared")
    }
  }

  @Test func eitherVersionsFieldsAreThoseOfThePacketsVersion() throws {
    let pairs = [
      ("dscp", "dscp"), ("ecn", "ecn"), ("ttl", "hop_limit"), ("src", "src"), ("dst", "dst"),
      ("version", "version"),
    ]
    for packet in Self.packets {
      let source = FieldPackets([packet])
      for (four, six) in pairs {
        let either = try #require(FieldTable.field(named: "ip.\(four)")).value(in: source)
        let own =
          try #require(FieldTable.field(named: "ipv4.\(four)")).value(in: source)
          ?? #require(FieldTable.field(named: "ipv6.\(six)")).value(in: source)
        #expect(either == own)
      }
    }
  }
}
