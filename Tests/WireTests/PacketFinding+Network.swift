// SPDX-License-Identifier: BSD-3-Clause
import Wire

extension PacketFinding {
  static let network = [
    PacketFinding(
      "IPv4 with the longest header, all captured, and a total length one byte too short for it.",
      """
      01 0000 4f00003b 00010000 40110000 0a000001 0a000002
      0101010101010101 0101010101010101 0101010101010101 0101010101010101 0101010101010101
      """, [.ipv4], "ipv4.total-length", payload: 60),
    PacketFinding(
      "IPv4 whose options end one byte behind the packet.",
      "01 0000 46000018 00010000 40110000 0a000001 0a000002 010101",
      [], "ipv4.header-cut", payload: 0),
    PacketFinding(
      "IPv4 that ends with its header, before a datagram that is padding only.",
      "01 0000 45000014 00010000 40110000 0a000001 0a000002 1000 0fa0 0008 0000",
      [.ipv4], "udp.header-cut", payload: 20),
    PacketFinding(
      "A last fragment whose 13 bits of offset are all set: its payload is no transport header.",
      "01 0000 4500001c 00011fff 40110000 0a000001 0a000002 1000 0fa0 0008 0000",
      [.ipv4, .fragment], "none", payload: 20),
    PacketFinding(
      "IPv6 of payload length 0 with a datagram behind it, which is padding then.",
      """
      01 0000 60000000 0000 11 40 fd000000000000000000000000000001
      fd000000000000000000000000000002 1000 0fa0 0008 0000
      """, [.ipv6], "udp.header-cut", payload: 40),
    PacketFinding(
      "IPv6 of the greatest payload length, cut behind its header by a snap length.",
      """
      01 ff10 60000000 ffff 11 40 fd000000000000000000000000000001
      fd000000000000000000000000000002
      """, [.ipv6], "udp.header-cut", payload: 40),
    PacketFinding(
      "A jumbogram: its true length is in an option, and a datagram follows all the same.",
      """
      01 0000 60000000 0000 00 40 fd000000000000000000000000000001
      fd000000000000000000000000000002 1100 c204 00010000 1000 0fa0 0008 0000
      """, [.ipv6, .udp], "ipv6.jumbogram", payload: 56),
  ]

  /// Chains of IPv6 extension headers.
  static let chains = [
    PacketFinding(
      "Eight extension headers, as many as are passed; the last one is cut by a byte.",
      ipv6("3c", count: 63)
        + """
        3c00010400000000 3c00010400000000 3c00010400000000 3c00010400000000
        3c00010400000000 3c00010400000000 3c00010400000000 11000104000000
        """, [.ipv6], "ipv6.extension-cut", payload: 96),
    PacketFinding(
      "A ninth extension header.",
      ipv6("3c", count: 72)
        + """
        3c00010400000000 3c00010400000000 3c00010400000000 3c00010400000000
        3c00010400000000 3c00010400000000 3c00010400000000 3c00010400000000 1100010400000000
        """, [.ipv6], "ipv6.chain-too-deep", payload: 104),
    PacketFinding(
      "One extension header that says it has 2048 bytes, which is the most, and has 8.",
      ipv6("3c", count: 8) + "11ff010400000000", [.ipv6], "ipv6.extension-cut", payload: 40),
    PacketFinding(
      "The same behind another one: together they are more than all extension headers may be.",
      ipv6("00", count: 16) + "3c00010400000000 11ff010400000000",
      [.ipv6], "ipv6.chain-too-deep", payload: 48),
    PacketFinding(
      "An authentication header counts in units of 4 bytes, so that a datagram follows at byte 52.",
      ipv6("33", count: 20) + "1101000000000001 00000000 1000 0fa0 0008 0000",
      [.ipv6, .udp], "none", payload: 60),
    PacketFinding(
      "A routing header with hops to go within a later fragment is not looked at.",
      ipv6("2c", count: 16) + "2b000008 00000001 1100000500000000",
      [.ipv6, .fragment], "none", payload: 48),
    PacketFinding(
      "Hops to go, then a fragment that is the whole datagram, then none of it.",
      ipv6("2b", count: 16) + "2c000001 00000000 11000000 00000001",
      [.ipv6, .sourceRouted], "udp.header-cut", payload: 56),
  ]

  /// The input's prefix and an IPv6 header with so many bytes behind it.
  private static func ipv6(_ next: String, count: Int) -> String {
    let length = String(count + 0x10000, radix: 16).dropFirst()
    return "010000 60000000 \(length) \(next) 40 fd000000000000000000000000000001"
      + " fd000000000000000000000000000002 "
  }
}
