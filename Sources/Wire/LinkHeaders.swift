// SPDX-License-Identifier: BSD-3-Clause

/// Link headers that only capture files have (tcpdump.org/linktypes).
extension HeaderWalk {
  mutating func rawIP(at offset: Int) {
    guard has(1, at: offset) else { return note(.rawIPHeaderCut) }
    place(.network, offset)
    switch bytes.byte(at: offset) >> 4 {
    case 4: ipv4(at: offset)
    case 6: ipv6(at: offset)
    default: note(.rawIPVersion)
    }
  }

  /// Packet type, device type, address length, 8 bytes of address, protocol: 2 bytes each.
  mutating func linuxCooked() {
    guard has(16, at: 0) else { return note(.linuxCookedHeaderCut) }
    cooked(device: bytes.networkUInt16(at: 2), protocolAt: 14, headerLength: 16)
  }

  /// Protocol first, then interface index; the device type is at 8.
  mutating func linuxCooked2() {
    guard has(20, at: 0) else { return note(.linuxCookedHeaderCut) }
    cooked(device: bytes.networkUInt16(at: 8), protocolAt: 0, headerLength: 20)
  }

  /// The protocol is an EtherType, but for a few device types (Linux `if_arp.h`): 770 frame
  /// relay, 778 GRE, 803 radiotap, 824 netlink. Values up to 1500 are no lengths here but 802.2.
  private mutating func cooked(device: UInt16, protocolAt offset: Int, headerLength: Int) {
    place(.network, headerLength)
    payload(at: headerLength)
    let type = EtherType(rawValue: bytes.networkUInt16(at: offset))
    switch device {
    case 770, 778, 803, 824: break
    default: if !type.isLength { tagged(type, at: headerLength) }
    }
  }

  /// The address family in the capturing machine's order: 2 is IPv4 everywhere, IPv6 is 10
  /// (Linux), 24 (NetBSD, OpenBSD), 28 (FreeBSD) or 30 (Darwin).
  mutating func loopback() {
    guard has(4, at: 0) else { return note(.loopbackHeaderCut) }
    place(.network, 4)
    payload(at: 4)
    let family = bytes.networkUInt32(at: 0)
    switch family > 0xffff ? family.byteSwapped : family {
    case 2: ipv4(at: 4)
    case 10, 24, 28, 30: ipv6(at: 4)
    default: break
    }
  }
}
