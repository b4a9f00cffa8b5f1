// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// One field that shows whether a header is where we say it is.
struct FieldProbe {
  let field: String
  let layer: Layers
  let slot: HeaderSlot
  let offset: Int
  let count: Int
  var mask = ~0

  static let identifier = FieldProbe(
    field: "vlan.id", layer: .vlan, slot: .vlan, offset: 0, count: 2, mask: 0xfff)

  static let all: [FieldProbe] = [
    .init(field: "ip.id", layer: .ipv4, slot: .network, offset: 4, count: 2),
    .init(field: "ip.checksum", layer: .ipv4, slot: .network, offset: 10, count: 2),
    .init(field: "ipv6.flow", layer: .ipv6, slot: .network, offset: 0, count: 4, mask: 0xfffff),
    .init(field: "ipv6.plen", layer: .ipv6, slot: .network, offset: 4, count: 2),
    .init(field: "ipv6.hlim", layer: .ipv6, slot: .network, offset: 7, count: 1),
    .init(field: "arp.opcode", layer: .arp, slot: .network, offset: 6, count: 2),
    .init(field: "udp.srcport", layer: .udp, slot: .transport, offset: 0, count: 2),
    .init(field: "udp.length", layer: .udp, slot: .transport, offset: 4, count: 2),
    .init(field: "udp.checksum", layer: .udp, slot: .transport, offset: 6, count: 2),
    .init(field: "tcp.seq_raw", layer: .tcp, slot: .transport, offset: 4, count: 4),
    .init(field: "icmp.type", layer: .icmp, slot: .transport, offset: 0, count: 1),
    .init(field: "icmp.checksum", layer: .icmp, slot: .transport, offset: 2, count: 2),
    .init(field: "icmpv6.type", layer: .icmpv6, slot: .transport, offset: 0, count: 1),
    .init(field: "icmpv6.checksum", layer: .icmpv6, slot: .transport, offset: 2, count: 2),
  ]

  func read(_ bytes: [UInt8], _ headers: Headers) -> Int {
    let start = headers[slot] + offset
    return bytes[start..<(start + count)].reduce(0) { $0 << 8 | Int($1) } & mask
  }
}
