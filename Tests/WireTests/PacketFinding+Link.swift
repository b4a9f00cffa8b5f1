// SPDX-License-Identifier: BSD-3-Clause
import Wire

extension PacketFinding {
  static let link = [
    PacketFinding(
      "Nothing at all, of a packet that had 2^32 - 1 bytes.",
      "00 ff1f", [], "ethernet.header-cut", payload: 0),
    PacketFinding(
      "The packet ends within the fourth tag, of which all but one byte are there.",
      "00 0000 020000000001 020000000002 8100 0001 8100 0001 8100 0001 8100 000108",
      [.ethernet, .vlan, .secondVLAN], "vlan.header-cut", payload: 26),
    PacketFinding(
      "Four tags announce a fifth, and there the packet ends.",
      "00 0000 020000000001 020000000002 8100 0001 8100 0001 8100 0001 8100 0001 8100",
      [.ethernet, .vlan, .secondVLAN], "vlan.too-many", payload: 30),
    PacketFinding(
      "Behind a tag stands a length that is one byte more than there is.",
      "00 0000 020000000001 020000000002 8100 0001 0004 424203",
      [.ethernet, .vlan], "ethernet.length", payload: 18),
    PacketFinding(
      "All zeros, and more of them than 16 bits can tell: an 802.3 packet of length 0.",
      "00 00ff" + String(repeating: "00", count: 64), [.ethernet], "none", payload: 14),
    PacketFinding(
      "ARP for Ethernet and IPv4 that a snap length cut by a byte: no header is there to read.",
      """
      00 0100 020000000001 020000000002 0806
      0001 0800 06 04 0001 020000000002 0a000001 000000000000 0a0000
      """, [.ethernet], "arp.header-cut", payload: 14),
    PacketFinding(
      "Raw IP of a single byte, which says version 6.",
      "01 0000 60", [], "ipv6.header-cut", payload: 0),
    PacketFinding(
      "Linux cooked, from a netlink device: what looks like an EtherType is a netlink family.",
      "02 0000 0004 0338 0000 0000000000000000 0800 4500001c", [], "none", payload: 16),
    PacketFinding(
      "Linux cooked version 2, whose protocol is a tag, which announces IPv4, which is not there.",
      "03 0000 8100 0000 00000001 0001 00 06 020000000001 0000 0007 0800",
      [.vlan], "ipv4.header-cut", payload: 24),
    PacketFinding(
      "Loopback, its address family 30 in the other byte order, and half an IPv6 header.",
      "04 0000 1e000000 6000000000001140 fd000000000000000000000000",
      [], "ipv6.header-cut", payload: 4),
  ]
}
