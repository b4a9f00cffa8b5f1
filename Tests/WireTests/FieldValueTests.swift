// SPDX-License-Identifier: BSD-3-Clause
import Testing
import Wire

struct FieldValueTests {
  @Test(arguments: [
    ("ip.ttl", "64", "64"), ("ip.ttl", "0x40", "64"), ("ip.ecn", "ce", "CE"),
    ("ip.ecn", "ECT(0)", "ECT(0)"), ("ip.ecn", "0", "Not-ECT"), ("eth.type", "0x88b5", "0x88b5"),
    ("eth.type", "ipv6", "IPv6"), ("ipv4.id", "10", "0x000a"), ("ip.protocol", "17", "UDP"),
    ("ip.protocol", "200", "200"), ("tcp.syn", "true", "true"), ("tcp.syn", "0", "false"),
    ("eth.src", "02-00-00-00-00-01", "02:00:00:00:00:01"), ("ip.src", "10.0.0.1", "10.0.0.1"),
    ("ip.src", "FD00::1", "fd00::1"), ("ipv6.flow_label", "1", "0x00001"),
    ("icmpv6.type", "neighbor-solicitation", "Neighbor-solicitation"),
  ])
  func valuesAreReadAndPrintedInTheirKind(
    _ name: String, _ text: String, _ printed: String
  ) throws {
    let field = try #require(FieldTable.field(named: name))
    let value = try field.parse(text)
    #expect(field.text(of: value) == printed)
    #expect(try field.parse(printed) == value)
  }

  @Test(arguments: [
    ("ip.dscp", "64", "ip.dscp is 6 bits: 64 is out of range (0..63)"),
    ("ip.ttl", "18446744073709551616", "18446744073709551616 is out of range (0..255)"),
    ("tcp.syn", "2", "tcp.syn is 1 bit: 2 is out of range (0..1)"),
    ("ip.ttl", "-1", "ip.ttl takes a number, found '-1'"),
    ("ip.ttl", "", "ip.ttl needs a number"),
    ("ip.ttl", "0x", "ip.ttl takes a number, found '0x'"),
    ("ip.src", "7", "ip.src takes an address, found the number 7"),
    ("ipv4.src", "::1", "ipv4.src takes an IPv4 address, found the IPv6 address ::1"),
    ("ip.src", "ip.dst", "found the field ip.dst (fields are compared with values only)"),
    ("eth.src", "10.0.0.1", "eth.src takes a MAC address, found the IPv4 address 10.0.0.1"),
    ("ip.ecn", "CF", "one of Not-ECT, ECT(1), ECT(0), CE; did you mean CE?"),
    ("ip.ecn", "4", "ip.ecn is 2 bits: 4 is out of range (0..3)"),
  ])
  func valuesOfAnotherKindAreExplained(
    _ name: String, _ text: String, _ message: String
  ) throws {
    let field = try #require(FieldTable.field(named: name))
    let error = #expect(throws: FieldError.self) { try field.parse(text) }
    let description = try #require(error?.description)
    #expect(description.contains(message), "\(description)")
  }

  @Test func lengthsOfBothVersionsCountTheirHeaders() throws {
    let field = try #require(FieldTable.field(named: "ip.length"))
    let four = PacketSamples.ethernet(0x0800, PacketSamples.ipv4(17, PacketSamples.udp()))
    let six = PacketSamples.ethernet(0x86dd, PacketSamples.ipv6(17, PacketSamples.udp()))
    #expect(field.value(in: FieldPackets(four)) == .number(32))
    #expect(field.value(in: FieldPackets(six)) == .number(52))
  }

  @Test func aFieldWithoutItsHeaderHasNoValue() throws {
    let arp = FieldPackets(PacketSamples.ethernet(0x0806, PacketSamples.arp))
    for field in FieldTable.all where field.name.hasPrefix("ip") {
      #expect(field.value(in: arp) == nil, "\(field.name)")
    }
  }
}
