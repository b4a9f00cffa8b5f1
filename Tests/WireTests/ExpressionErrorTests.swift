// SPDX-License-Identifier: BSD-3-Clause
import Testing
import Wire

struct ExpressionErrorTests {
  /// A condition with its wrong part in brackets, and what is said of it.
  @Test(arguments: [
    ("[]", "expected a condition, found the end"),
    ("ip.ttl ==[]", "expected a number, found the end"),
    ("[ip.dcsp] == 3", "there is no field or protocol 'ip.dcsp'; did you mean ip.dscp?"),
    ("[upd]", "there is no field or protocol 'upd'; did you mean udp?"),
    ("[xyzzy] == 3", "there is no field or protocol 'xyzzy'"),
    ("ip.dscp == [64]", "ip.dscp is 6 bits: 64 is out of range (0..63)"),
    ("ip.src == [5]", "ip.src takes an address, found the number 5"),
    ("ip.src == [ip.dst]", "the field ip.dst (fields are compared with values only)"),
    ("ip.ecn == [CF]", "it is a number or one of Not-ECT, ECT(1), ECT(0), CE; did you mean CE?"),
    ("ip.ttl [=] 5", "equality is written '=='; did you mean ==?"),
    ("1 < ip.ttl", "a comparison begins with a field, found '1'"),
    ("5 < ip.ttl < 9", "a comparison begins with a field, found '5'"),
    ("ip.ttl > 5 [<] 9", "comparisons do not chain; join two of them with 'and'"),
    ("ip.ttl > 5 [in] {1}", "comparisons do not chain"),
    ("[ip.ttl]", "ip.ttl is a number, which needs a comparison such as == or in"),
    ("[ip.ttl] and udp", "ip.ttl is a number, which needs a comparison such as == or in"),
    ("(ip.ttl [5])", "expected a comparison such as == or in after ip.ttl, found '5'"),
    ("[udp] == 4791", "udp is a protocol, not a field; its fields are udp.src, udp.dst"),
    ("[(]udp", "this parenthesis is not closed"), ("udp[)]", "was never opened"),
    ("udp [tcp]", "expected 'and', 'or' or the end, found 'tcp'"),
    ("udp [AND] tcp", "did you mean and?"), ("udp [&] tcp", "did you mean and?"),
    ("udp and[]", "expected a field or protocol, found the end"),
    ("udp and [and] tcp", "there is no field or protocol 'and'"),
    ("ip.ttl in [64]", "'in' needs a set, a range or a block; did you mean {64}?"),
    ("ip.ttl in [(]1, 2)", "a set is written in braces"),
    ("ip.ttl in [{]1, 2", "this set is not closed"), ("ip.ttl in {1 [2]}", "expected ',' or '}'"),
    ("ip.ttl in {[}]", "expected a number, found '}'"), ("ip.ttl == 1[,] 2", "in braces"),
    ("ip.ttl in {[9..3]}", "the range is empty: its ends are swapped"),
    ("ip.src in {[10.0.0.1..fd00::1]}", "the ends of the range are not of one kind"),
    ("ip.src in [10.1.0.0/8]", "has bits set past its length; did you mean 10.0.0.0/8?"),
    ("ip.src in [10.0.0.0/33]", "'10.0.0.0/33' is not a block of addresses such as 10.0.0.0/8"),
    ("ip.src == [10.0.0.0/8]", "a range or block is compared with 'in', not '=='"),
    ("ip.ttl == [1..2]", "a range or block is compared with 'in', not '=='"),
    ("ipv4.src in [fd00::/8]", "ipv4.src takes an IPv4 address, found the block fd00::/8"),
    ("ip.ttl in [10.0.0.0/8]", "ip.ttl is not an IP address, so no block contains it"),
    ("ip.src [<] 10.0.0.1", "ip.src has no order; use ==, != or in"),
    ("ip.src [&] 255 == 0", "ip.src is an address: only numbers can be masked"),
    ("ip.length [&] 1 == 0", "in one version of IP: mask ipv4.length or ipv6.length"),
    ("inner.ip.length [&] 1 == 0", "mask inner.ipv4.length or inner.ipv6.length"),
    ("tcp.flags & [0x100] != 0", "tcp.flags is 8 bits: the mask has more"),
    ("tcp.syn & [udp]", "a mask is a number, found 'udp'; 'and' is written '&&'"),
    ("ip.ttl not [5]", "expected 'in' after 'not', found '5'"),
    ("ip.ttl == [\"]5\"", "expected a number, found '\"'"),
    ("udp and [é]", "expected a field or protocol, found 'é'"),
  ])
  func errorsPointAtWhatIsWrong(_ marked: String, _ message: String) throws {
    guard let open = marked.firstIndex(of: "["), let close = marked.lastIndex(of: "]") else {
      return try startsWrong(marked, message)
    }
    let text = marked.filter { $0 != "[" && $0 != "]" }
    let error = #expect(throws: ExpressionError.self) { try Expression.parse(text) }
    guard let error else { return }
    #expect(error.description.contains(message), "\(error)")
    #expect(error.offset == marked.distance(from: marked.startIndex, to: open))
    #expect(error.length == marked.distance(from: open, to: close) - 1)
  }

  private func startsWrong(_ text: String, _ message: String) throws {
    let error = #expect(throws: ExpressionError.self) { try Expression.parse(text) }
    #expect(error?.message == message)
    #expect(error?.offset == 0)
    #expect(error?.length == 1)
  }

  @Test func offsetsCountCharacters() throws {
    let error = #expect(throws: ExpressionError.self) {
      try Expression.parse("ip.ecn == e\u{301}")
    }
    #expect(error?.offset == 10)
    #expect(error?.length == 1)
  }

  @Test func descriptionsCountFromOne() throws {
    let error = #expect(throws: ExpressionError.self) { try Expression.parse("upd") }
    #expect(
      error?.description
        == "character 1: there is no field or protocol 'upd'; did you mean udp?")
  }
}
