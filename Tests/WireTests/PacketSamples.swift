// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// Sound packets, put together from the headers that words name.
enum PacketSamples {
  static let addresses: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2]

  static func ethernet(_ type: UInt16, _ rest: [UInt8]) -> [UInt8] {
    addresses + two(type) + rest
  }

  /// A tag's 4 bytes without the type in front of it, which the header before announces.
  static func tag(_ identifier: UInt16, _ type: UInt16, _ rest: [UInt8]) -> [UInt8] {
    two(identifier) + two(type) + rest
  }

  /// That many tags, then a datagram.
  static func tags(_ count: Int) -> [UInt8] {
    (1..<count).reduce(tag(1, 0x0800, ipv4(17, udp()))) { rest, _ in tag(2, 0x8100, rest) }
  }

  static func ipv4(
    _ kind: UInt8, _ rest: [UInt8], options: [UInt8] = [], fragment: UInt16 = 0x4000
  ) -> [UInt8] {
    let length = 20 + options.count
    return [0x45 + UInt8(options.count / 4), 0] + two(UInt16(length + rest.count)) + two(1)
      + two(fragment) + [64, kind, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2] + options + rest
  }

  static func ipv6(_ next: UInt8, _ rest: [UInt8]) -> [UInt8] {
    [0x60, 0, 0, 0] + two(UInt16(rest.count)) + [next, 64]
      + Array(repeating: 0xfd, count: 32) + rest
  }

  /// An extension header of 8 bytes.
  static func extended(_ next: UInt8, _ rest: [UInt8]) -> [UInt8] {
    [next, 0, 1, 4, 0, 0, 0, 0] + rest
  }

  static func udp(_ payload: [UInt8] = [1, 2, 3, 4], destination: UInt16 = 4000) -> [UInt8] {
    two(49152) + two(destination) + two(UInt16(8 + payload.count)) + [0, 0] + payload
  }

  static func tcp(options: [UInt8] = []) -> [UInt8] {
    two(1024) + two(80) + [0, 0, 0, 1, 0, 0, 0, 2, UInt8(0x50 + options.count * 4), 0x18]
      + [0x20, 0, 0, 0, 0, 0] + options
  }

  static let ping: [UInt8] = [8, 0, 0, 0, 0, 1, 0, 1]

  static let arp: [UInt8] =
    [0, 1, 8, 0, 6, 4, 0, 1] + [2, 0, 0, 0, 0, 2, 10, 0, 0, 1] + [0, 0, 0, 0, 0, 0, 10, 0, 0, 2]

  static func two(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xff)] }

  /// Packets that are wrong in ways which small changes to sound ones hardly find.
  static let unsound: [(bytes: [UInt8], link: LinkType)] = [
    (
      ethernet(0x86dd, ipv6(60, (0..<9).reduce(udp()) { rest, _ in extended(60, rest) })),
      .ethernet
    )
  ]

  static let all: [(bytes: [UInt8], link: LinkType)] = [
    (ethernet(0x0800, ipv4(17, udp())), .ethernet),
    (ethernet(0x0800, ipv4(17, udp())), .ethernet),
    (ethernet(0x0800, ipv4(17, udp(), options: [1, 1, 1, 1])), .ethernet),
    (ethernet(0x0800, ipv4(17, udp(), fragment: 0x2000)), .ethernet),
    (ethernet(0x0800, ipv4(6, tcp(options: [2, 4, 5, 0xb4]))), .ethernet),
    (ethernet(0x0800, ipv4(1, ping)), .ethernet),
    (ethernet(0x0806, arp), .ethernet),
    (ethernet(0x86dd, ipv6(17, udp())), .ethernet),
    (ethernet(0x86dd, ipv6(0, extended(43, extended(60, extended(17, udp()))))), .ethernet),
    (ethernet(0x86dd, ipv6(44, extended(51, extended(6, tcp())))), .ethernet),
    (ethernet(0x86dd, ipv6(58, ping)), .ethernet),
    (ethernet(0x8100, tag(7, 0x0800, ipv4(17, udp()))), .ethernet),
    (ethernet(0x88a8, tag(7, 0x8100, tag(8, 0x86dd, ipv6(17, udp())))), .ethernet),
    (ethernet(0x8100, tags(4)), .ethernet),
    (ethernet(4, [0x42, 0x42, 3, 0]), .ethernet),
    (ipv4(17, udp()), .rawIP),
    (ipv6(6, tcp()), .rawIP),
    ([0, 0, 0, 1, 0, 6] + [2, 0, 0, 0, 0, 1, 0, 0] + two(0x0800) + ipv4(17, udp()), .linuxCooked),
    (two(0x86dd) + [0, 0, 0, 0, 0, 1, 0, 1, 0, 6] + arp[8..<16] + ipv6(17, udp()), .linuxCooked2),
    ([2, 0, 0, 0] + ipv4(6, tcp()), .loopback),
    ([0, 0, 0, 30] + ipv6(17, udp()), .loopback),
    (ethernet(36, [0xaa, 0xaa, 3, 0, 0, 0, 8, 0] + ipv4(1, ping)), .ethernet),
  ]
}
