// SPDX-License-Identifier: BSD-3-Clause

/// A condition that a fuzzer found, or that somebody made up who thought like one.
struct ExpressionFinding: Sendable, CustomStringConvertible {
  /// What is wrong with the text, or unusual.
  let description: String
  let text: String
  /// How the condition is printed, or what is said of a text that is none.
  let outcome: String

  init(_ description: String, _ text: String, _ outcome: String) {
    self.description = description
    self.text = text
    self.outcome = outcome
  }

  static let all = [
    ExpressionFinding(
      "A mask over a length to which IPv6 adds its header's own bytes, so that it has no bits.",
      "ip.length & 0xf> 5",
      """
      character 11: ip.length is counted, not read, in one version of IP: mask ipv4.length or \
      ipv6.length
      """),
    ExpressionFinding(
      "A range that needs all three tests of two words, around the middle of an IPv6 address.",
      "ip.src in {::ffff:ffff:ffff:fffe..0:0:0:2::1}",
      "ip.src in ::ffff:ffff:ffff:fffe..::2:0:0:0:1"),
    ExpressionFinding(
      "Ranges that touch at the greatest number that there is.",
      "ipv6.dst in {ffff::..ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ffff:ffff::/32}",
      "ipv6.dst in {ffff::..ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ffff:ffff::/32}"),
    ExpressionFinding(
      "More than the greatest number: no packet has it.",
      "tcp.seq > 4294967295 or eth.dst & 0 > 0",
      "tcp.seq > 4294967295 or eth.dst & 0x0 > 0x000000000000"),
    ExpressionFinding(
      "A range that ends just before an address, in the same upper half of its bits.",
      "ip.src in fdfc::..fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfc",
      "ip.src in fdfc::..fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfc"),
    ExpressionFinding(
      "A length below the 40 bytes that every IPv6 packet has, and a range that begins there.",
      "ip.length < 40 or ip.length in 39..52 or not ip.length >= 40",
      "ip.length < 40 or ip.length in 39..52 or not ip.length >= 40"),
    ExpressionFinding(
      "A name that is the beginning of another one, and a sign of which only half is there.",
      "ip.ecn == ECT(",
      """
      character 11: ip.ecn has no value 'ECT'; it is a number or one of Not-ECT, ECT(1), ECT(0), \
      CE; did you mean ECT(1)?
      """),
    ExpressionFinding(
      "A number of more than 64 bits.", "ipv4.id == 0x10000000000000000",
      "character 12: ipv4.id is 16 bits: 0x10000000000000000 is out of range (0..65535)"),
    ExpressionFinding(
      "A mark that belongs to the letter before it, and to which an error must not point alone.",
      "udp\u{301}", "character 3: expected 'and', 'or' or the end, found '\u{301}'"),
    ExpressionFinding(
      "Bytes that are no text, as they come out of decoding.",
      "udp and \u{FFFD}\u{FFFD}",
      "character 9: expected a field or protocol, found '\u{FFFD}'"),
  ]
}
