// SPDX-License-Identifier: BSD-3-Clause

/// Packets within packets: the record describes the outermost one, the innermost one that was
/// entered, and the header of the tunnel that the latter came through.
extension HeaderWalk {
  /// Beyond the depth of the options a tunnel is payload. So it is in a fragment, which has but a
  /// part of what its tunnel carries.
  private var mayEnterTunnel: Bool {
    headers.pointee.tunnelCount < rules.pointee.tunnelDepth && !has(.fragment)
  }

  /// What is found from here on belongs to the packet within, which ends at `end` on the wire. The
  /// record's own end stays that of the outermost packet.
  mutating func enter(
    _ tunnel: Layers, header: Int, id: UInt32 = 0, payload start: Int, end: Int
  ) {
    if outerEnd == nil { outerEnd = readable }
    limit(to: end)
    headers.pointee.layers.subtract(.tunnel)
    headers.pointee.layers.formUnion(tunnel)
    headers.pointee[.tunnel] = header
    headers.pointee.innerProtocol = 0
    headers.pointee.tunnelID = id
    headers.pointee.tunnelCount += 1
    payload(at: start)
  }

  /// What the protocol number of an IP header announces.
  mutating func tunnel(at offset: Int) {
    guard mayEnterTunnel else { return }
    switch IPProtocol(rawValue: ipProtocol) {
    case .gre: gre(at: offset, end: wireEnd)
    case .ipv4: bare(.ipv4, at: offset)
    case .ipv6: bare(.ipv6, at: offset)
    default: break
    }
  }

  /// What a UDP port announces, up to where the datagram ends on the wire.
  mutating func tunnel(_ kind: UDPPayload, at offset: Int, end: Int) {
    guard mayEnterTunnel else { return }
    switch kind {
    case .vxlan: vxlan(at: offset, end: end, isGeneric: false)
    case .vxlanGPE: vxlan(at: offset, end: end, isGeneric: true)
    case .geneve: geneve(at: offset, end: end)
    case .gre: gre(at: offset, end: end)
    case .mpls: labelled(at: offset, end: end)
    case .gtpu: gtpu(at: offset, end: end)
    case .unknown, .roce, .uet, .ptp: break
    }
  }

  /// IP directly in IP (RFC 2003, RFC 2473, RFC 4213), without a header in between.
  private mutating func bare(_ type: EtherType, at offset: Int) {
    enter([], header: offset, payload: offset, end: wireEnd)
    network(type, at: offset)
  }

  /// MPLS in UDP (RFC 7510): the label stack is the tunnel's header, and its outermost label the
  /// tunnel's name.
  private mutating func labelled(at offset: Int, end: Int) {
    let label = has(MPLS.headerLength, at: offset) ? bytes.networkUInt32(at: offset) >> 12 : 0
    enter([], header: offset, id: label, payload: offset, end: end)
    labels(at: offset)
  }

  /// What an EtherType announces in the header of a tunnel. Others are not looked at: they are
  /// control messages, or lengths that mean something else there.
  mutating func tunnelled(_ type: EtherType, at offset: Int) {
    switch type {
    case .bridging: ethernet(at: offset)
    case .ipv4, .ipv6, .mpls, .mplsMulticast: network(type, at: offset)
    default: break
    }
  }
}

extension Layers {
  /// What a packet in a tunnel has any of: the tunnel's header, and those of the packet within.
  static var tunnel: Layers { Layers(rawValue: tunnels.rawValue | inner.rawValue) }
}
