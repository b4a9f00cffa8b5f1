// SPDX-License-Identifier: BSD-3-Clause
import Wire

extension PacketFinding {
  static let transport = [
    PacketFinding(
      "A sound segment with correct checksums, which have to stay so when fields are written.",
      """
      00 0000 020000000001 020000000002 0800 4500002b 00014000 400626ca 0a000001 0a000002
      04000050 00000001 00000002 50182000 73720000 010203
      """, [.ethernet, .ipv4, .tcp], "none", payload: 54),
    PacketFinding(
      "UDP that says it has no bytes at all, behind headers that take the straight path.",
      ipv4("11", length: "001c") + "1000 0fa0 0000 0000",
      [.ethernet, .ipv4, .udp], "udp.length", payload: 42),
    PacketFinding(
      "UDP whose length is one byte more than IPv4 has for it.",
      ipv4("11", length: "001d") + "1000 0fa0 000a 0000 01",
      [.ethernet, .ipv4, .udp], "udp.length", payload: 42),
    PacketFinding(
      "UDP whose length is one byte less than that of its header.",
      ipv4("11", length: "001c") + "1000 0fa0 0007 0000",
      [.ethernet, .ipv4, .udp], "udp.length", payload: 42),
    PacketFinding(
      "UDP of which a snap length left all but the last byte of its header.",
      ipv4("11", length: "001c", excess: "01") + "1000 0fa0 0008 00",
      [.ethernet, .ipv4], "udp.header-cut", payload: 34),
    PacketFinding(
      "UDP within IPv4 that says it is longer than the packet was on the wire.",
      ipv4("11", length: "ffff") + "1000 0fa0 0008 0000",
      [.ethernet, .ipv4, .udp], "ipv4.packet-cut", payload: 42),
    PacketFinding(
      "A first fragment of TCP that is too short for TCP's header (RFC 3128).",
      ipv4("06", length: "001c", fragment: "2000") + "0400 0050 00000001",
      [.ethernet, .ipv4, .fragment], "tcp.header-cut", payload: 34),
    PacketFinding(
      "TCP with the longest header, of which the packet has all but one byte.",
      ipv4("06", length: "004f") + "0400 0050 00000001 00000000 f002 2000 0000 0000"
        + String(repeating: "01", count: 39),
      [.ethernet, .ipv4, .tcp], "tcp.data-offset", payload: 54),
    PacketFinding(
      "TCP with the longest header, of which a snap length left all but one byte.",
      ipv4("06", length: "0050", excess: "01") + "0400 0050 00000001 00000000 f002 2000 0000 0000"
        + String(repeating: "01", count: 39),
      [.ethernet, .ipv4, .tcp], "tcp.header-cut", payload: 54),
    PacketFinding(
      "ICMP for IPv6 within IPv4 is no ICMP.",
      ipv4("3a", length: "001c") + "8000 0000 00010001", [.ethernet, .ipv4], "none", payload: 34),
    PacketFinding(
      "ICMP of 7 bytes, and padding that would make 8 of them.",
      ipv4("01", length: "001b") + "0800 0000 00010001",
      [.ethernet, .ipv4], "icmp.header-cut", payload: 34),
  ]

  /// The input's prefix, then headers up to the transport's.
  private static func ipv4(
    _ kind: String, length: String, fragment: String = "4000", excess: String = "00"
  ) -> String {
    "00 \(excess)00 020000000001 020000000002 0800"
      + " 4500\(length) 0001\(fragment) 40\(kind)0000 0a000001 0a000002 "
  }
}
