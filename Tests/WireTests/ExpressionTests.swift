// SPDX-License-Identifier: BSD-3-Clause
import Testing
import Wire

struct ExpressionTests {
  /// What is written, and the one spelling that it is printed in.
  @Test(arguments: [
    ("udp", "udp"), (" ( ( udp ) ) ", "udp"), ("tcp.syn", "tcp.syn"), ("!tcp.syn", "not tcp.syn"),
    ("ip.dscp==0x1a", "ip.dscp == 26"), ("ip.ecn == ce", "ip.ecn == CE"),
    ("ip.ecn==ECT(0)&&udp", "ip.ecn == ECT(0) and udp"),
    ("not(ip.ecn == Not-ECT)", "not ip.ecn == Not-ECT"),
    ("ip.ecn in {CE,ECT(1)}", "ip.ecn in {CE, ECT(1)}"),
    ("ip.ttl in {1, 2, 10..20}", "ip.ttl in {1, 2, 10..20}"),
    ("udp.dst in 1000..2000", "udp.dst in 1000..2000"),
    ("udp.dst not in {53}", "udp.dst not in {53}"),
    ("udp.dst in {1000..2000}", "udp.dst in 1000..2000"),
    ("ip.src in 10.0.0.0/8", "ip.src in 10.0.0.0/8"),
    (
      "ip.src in {10.0.0.0/8, fd00::/8,192.0.2.1..192.0.2.9 , ::1}",
      "ip.src in {10.0.0.0/8, fd00::/8, 192.0.2.1..192.0.2.9, ::1}"
    ),
    ("ipv6.dst != 2001:DB8:0::1", "ipv6.dst != 2001:db8::1"),
    ("eth.dst == FF-FF-FF-FF-FF-FF", "eth.dst == ff:ff:ff:ff:ff:ff"),
    ("eth.dst & 0x10000000000 != 0", "eth.dst & 0x10000000000 != 0x000000000000"),
    ("tcp.flags & 2 != 0", "tcp.flags & 0x2 != 0x00"),
    ("tcp.flags&2==2", "tcp.flags & 0x2 == 0x02"), ("tcp.flags &2> 1", "tcp.flags & 0x2 > 0x01"),
    ("udp or tcp and ip.ttl<5", "udp or tcp and ip.ttl < 5"),
    ("(udp or tcp) and ip.ttl>=5", "(udp or tcp) and ip.ttl >= 5"),
    ("udp || (tcp || (arp || icmp))", "udp or tcp or arp or icmp"),
    ("not (udp and not tcp.syn)", "not (udp and not tcp.syn)"), ("!!udp", "not not udp"),
    ("\n\tudp\n", "udp"), ("tcp.syn == true", "tcp.syn == true"),
    ("eth.type == 0x0806 or eth.type == 0x88b5", "eth.type == ARP or eth.type == 0x88b5"),
    ("icmp.type==echo-reply", "icmp.type == Echo-reply"),
    ("packet.malformation == ipv4.header-cut", "packet.malformation == ipv4.header-cut"),
    ("vlan and vlan2.id == 7", "vlan and vlan2.id == 7"),
  ])
  func conditionsArePrintedInOneSpelling(_ text: String, _ printed: String) throws {
    let expression = try Expression.parse(text)
    #expect(expression.description == printed)
    #expect(try Expression.parse(printed) == expression)
    #expect(expression.text == text)
  }

  @Test func andBindsTighterThanOrAndNotTighterThanAnd() throws {
    let written = try Expression.parse("not udp and tcp or arp and icmp")
    let meant = try Expression.parse("((not udp) and tcp) or (arp and icmp)")
    #expect(written == meant)
  }

  @Test func nestingIsLimited() throws {
    let most = Expression.greatestDepth
    func nested(_ depth: Int) -> String {
      String(repeating: "(", count: depth - 1) + "udp" + String(repeating: ")", count: depth - 1)
    }
    #expect(try Expression.parse(nested(most)).description == "udp")
    let error = #expect(throws: ExpressionError.self) { try Expression.parse(nested(most + 1)) }
    #expect(error?.message == "the condition nests deeper than 64 levels")
    #expect(error?.offset == most)
    #expect(throws: ExpressionError.self) {
      try Expression.parse(String(repeating: "!", count: 60000) + "udp")
    }
  }

  @Test func lengthIsLimited() throws {
    let most = String(repeating: " ", count: Expression.longestText - 3) + "udp"
    #expect(try Expression.parse(most).description == "udp")
    #expect(throws: ExpressionError.self) { try Expression.parse(most + " ") }
  }

  @Test func longSetsAreRead() throws {
    let numbers = (0..<10000).map(String.init).joined(separator: ",")
    let expression = try Expression.parse("udp.dst in {\(numbers)}")
    guard case .comparison(let comparison) = expression.root else {
      Issue.record("not a comparison")
      return
    }
    #expect(comparison.operands.count == 10000)
  }
}
