// SPDX-License-Identifier: BSD-3-Clause
import Wire

private typealias Packet = PacketSamples

/// Sound packets in tunnels, and tunnels in tunnels.
enum TunnelSamples {
  /// A RoCE packet for QP 0x2a with PSN 0x1234: a write of 0x1000 bytes, a payload of 4 bytes and
  /// room for the invariant CRC.
  static let write: [UInt8] = [
    0x0a, 0, 0xff, 0xff, 0, 0, 0, 0x2a, 0x80, 0, 0x12, 0x34,
    0, 0, 0, 0, 0, 0, 0x70, 0, 0, 0, 0, 9, 0, 0, 0x10, 0,
    1, 2, 3, 4, 0xca, 0xfe, 0xca, 0xfe,
  ]

  static let roce = datagram(write, to: 4791)
  static let frame = Packet.ethernet(0x0800, roce)
  static let roceV1: [UInt8] = {
    let start: [UInt8] = [0x60, 0, 0, 0, 0, UInt8(write.count), 0x1b, 1]
    return Packet.ethernet(0x8915, start + [UInt8](repeating: 0xfe, count: 32) + write)
  }()

  static func datagram(_ payload: [UInt8], to port: UInt16) -> [UInt8] {
    Packet.ipv4(17, Packet.udp(payload, destination: port))
  }

  static func over(_ port: UInt16, _ payload: [UInt8]) -> [UInt8] {
    Packet.ethernet(0x0800, datagram(payload, to: port))
  }

  static func overIPv6(_ port: UInt16, _ payload: [UInt8]) -> [UInt8] {
    Packet.ethernet(0x86dd, Packet.ipv6(17, Packet.udp(payload, destination: port)))
  }

  static func overGRE(_ rest: [UInt8]) -> [UInt8] { Packet.ethernet(0x0800, Packet.ipv4(47, rest)) }

  static func vxlan(
    _ inner: [UInt8], flags: UInt8 = 0x08, next: UInt8 = 0, vni: UInt8 = 7
  ) -> [UInt8] {
    [flags, 0, 0, next, 0, 0, vni, 0] + inner
  }

  static func geneve(_ type: UInt16, _ inner: [UInt8], options: [UInt8] = []) -> [UInt8] {
    [UInt8(options.count / 4), 0x40] + Packet.two(type) + [0, 1, 2, 0] + options + inner
  }

  static func gre(_ flags: UInt8, _ type: UInt16, _ rest: [UInt8]) -> [UInt8] {
    [flags, 0] + Packet.two(type) + rest
  }

  /// GRE with a sequence number and ERSPAN of type II: VLAN 5, class 3, session 0x101.
  static func mirrorII(_ inner: [UInt8], second: [UInt8] = [0x61, 1]) -> [UInt8] {
    gre(0x10, 0x88be, [0, 0, 0, 9, 0x10, 5] + second + [0, 1, 2, 3] + inner)
  }

  /// The same of type III, with timestamp 0xff and group 0x21, and `last` for the other fields.
  static func mirrorIII(_ inner: [UInt8], last: [UInt8] = [0, 0x0a]) -> [UInt8] {
    let header: [UInt8] = [0, 0, 0, 9, 0x20, 5, 0x61, 1, 0, 0, 0, 0xff, 0, 0x21]
    return gre(0x10, 0x22eb, header + last + inner)
  }

  /// With all optional fields, and with that many extension headers.
  static func gtpu(_ inner: [UInt8], extensions: Int = 1, length: UInt8 = 1) -> [UInt8] {
    var chain: [UInt8] = []
    for index in 0..<extensions { chain += [length, 0x0a, 1, index == extensions - 1 ? 0 : 0x85] }
    let first: [UInt8] = extensions > 0 ? [0x37, 255] : [0x33, 255]
    let optional: [UInt8] = [0, 1, 0, extensions > 0 ? 0x85 : 0]
    let content = optional + chain + inner
    return first + Packet.two(UInt16(content.count)) + [0, 0, 0xab, 0xcd] + content
  }

  static func changed(_ bytes: [UInt8], _ index: Int, _ value: UInt8) -> [UInt8] {
    var copy = bytes
    copy[index] = value
    return copy
  }

  static func prefix(_ bytes: [UInt8], _ count: Int) -> [UInt8] { Array(bytes.prefix(count)) }

  /// That many IPv4 headers, one in the other, around a RoCE packet.
  static func nested(_ depth: Int) -> [UInt8] {
    (0..<depth).reduce(roce) { inner, _ in Packet.ipv4(4, inner) }
  }

  static let all: [(bytes: [UInt8], link: LinkType)] = (overUDP + overIP + twice).map {
    ($0, .ethernet)
  }

  private static let overUDP: [[UInt8]] = [
    over(4789, vxlan(frame)), over(8472, vxlan(Packet.ethernet(0x8100, Packet.tags(2)))),
    overIPv6(4789, vxlan(Packet.ethernet(0x86dd, segment))), over(4789, vxlan(roceV1)),
    over(4790, vxlan(roce, flags: 0x0c, next: 1)), over(4790, vxlan(ping, flags: 0x0c, next: 2)),
    over(4790, vxlan(frame, flags: 0x0c, next: 3)), over(4790, vxlan(frame)),
    over(6081, geneve(0x6558, frame, options: [1, 3, 0x80, 1, 0, 0, 0, 1])),
    over(6081, geneve(0x0800, roce)), overIPv6(6081, geneve(0x86dd, segment)),
    over(4754, gre(0, 0x0800, roce)), over(6635, label + roce),
    over(2152, gtpu(roce)), over(2152, gtpu(roce, extensions: 0)),
    overIPv6(2152, gtpu(segment, extensions: 3)),
  ]

  private static let label: [UInt8] = [0, 0x10, 0x01, 64]
  private static let key: [UInt8] = [0, 2, 3, 4]
  private static let words = [UInt8](repeating: 9, count: 12)
  private static let eight = [UInt8](repeating: 8, count: 8)
  private static let ping = Packet.ipv6(58, Packet.ping)
  private static let six = Packet.ipv6(17, Packet.udp())
  private static let segment = Packet.ipv6(6, Packet.tcp())

  private static let overIP: [[UInt8]] = [
    overGRE(gre(0, 0x0800, roce)), overGRE(gre(0x20, 0x6558, key + frame)),
    overGRE(gre(0xb0, 0x86dd, words + ping)), overGRE(gre(0, 0x8847, label + roce)),
    overGRE(gre(0, 0x88be, frame)), overGRE(mirrorII(frame)), overGRE(mirrorIII(frame)),
    overGRE(mirrorIII(eight + frame, last: [0, 0x0b])),
    Packet.ethernet(0x0800, nested(1)), Packet.ethernet(0x0800, Packet.ipv4(41, six)),
    Packet.ethernet(0x86dd, Packet.ipv6(4, roce)), Packet.ethernet(0x86dd, Packet.ipv6(41, six)),
    Packet.ethernet(0x86dd, Packet.ipv6(47, gre(0, 0x0800, roce))),
  ]

  private static let twice: [[UInt8]] = [
    over(4789, vxlan(over(4789, vxlan(frame, vni: 9)))), over(4789, vxlan(over(2152, gtpu(roce)))),
    overGRE(mirrorII(over(4789, vxlan(frame)))), Packet.ethernet(0x0800, nested(4)),
  ]

  private static let chain = (0..<9).reduce(Packet.udp()) { rest, _ in Packet.extended(60, rest) }

  /// Packets that are wrong in ways which small changes to sound ones hardly find.
  static let unsound: [(bytes: [UInt8], link: LinkType)] = [
    over(2152, gtpu(roce, extensions: 9)), over(2152, gtpu(roce, length: 0)),
    over(2152, prefix(gtpu(roce), 14)), over(6081, prefix(geneve(0, [], options: eight), 13)),
    overGRE(prefix(mirrorII([]), 15)),
    Packet.ethernet(0x86dd, Packet.ipv6(41, Packet.ipv6(60, chain))),
  ].map { ($0, .ethernet) }
}
