// SPDX-License-Identifier: BSD-3-Clause

/// The words for tunnels, and for the packet within the innermost one that was entered.
extension FieldTable {
  static let tunnelLayouts: [FieldLayout] = [
    .vxlan, .geneve, .gre, .nvgre, .erspan, .erspanII, .erspanIII, .gtpu,
  ]

  static let innerLayouts: [FieldLayout] = [
    FieldLayout.ethernet.inner(.innerEthernet, .innerLink),
    FieldLayout.vlan.inner(.innerVLAN, .innerVLAN),
    innerIPv4, innerIPv6,
    FieldLayout.udp.inner(.innerUDP, .innerTransport),
    FieldLayout.tcp.inner(.innerTCP, .innerTransport),
    FieldLayout.icmp.inner(.innerICMP, .innerTransport),
    FieldLayout.icmpv6.inner(.innerICMPv6, .innerTransport),
  ]

  private static let innerIPv4 = FieldLayout.ipv4.inner(.innerIPv4, .innerNetwork)
  private static let innerIPv6 = FieldLayout.ipv6.inner(.innerIPv6, .innerNetwork)

  static let innerEitherVersion = eitherVersion(
    "inner.ip", innerIPv4, innerIPv6, protocol: known(.innerProtocol, .innerIP, bits: 8))

  /// IP in IP names nothing, and GRE without a key neither: then it is 0.
  static let tunnelMetadata: [Field] = [
    Field(
      name: "tunnel.id", kind: .number(bits: 32),
      summary: "VNI, key, session, TEID or label that the tunnel's header names, or 0",
      places: known(.tunnelID, .tunnel, bits: 32), access: .notInPacket),
    Field(
      name: "tunnel.count", kind: .number(bits: 8), summary: "How many tunnels were entered",
      places: known(.tunnelCount, [], bits: 8), access: .notInPacket),
  ]

  static let tunnelProtocols: [ProtocolName] = [
    ProtocolName("tunnel", .tunnel, "Any of these tunnels, IP in IP, or MPLS in UDP"),
    ProtocolName("vxlan", .vxlan, "VXLAN or VXLAN-GPE"),
    ProtocolName("geneve", .geneve, "Geneve"),
    ProtocolName("gre", .gre, "GRE, NVGRE and ERSPAN included"),
    ProtocolName("nvgre", .nvgre, "NVGRE: bridging over GRE with a virtual subnet"),
    ProtocolName("erspan", [.erspan2, .erspan3], "A mirrored packet: ERSPAN of type II or III"),
    ProtocolName("gtpu", .gtpu, "GTP-U, packets of mobile subscribers"),
    ProtocolName("inner.eth", .innerEthernet, "An Ethernet header in a tunnel"),
    ProtocolName("inner.vlan", .innerVLAN, "A VLAN tag in a tunnel"),
    ProtocolName("inner.ip", .innerIP, "IPv4 or IPv6 in a tunnel"),
    ProtocolName("inner.ipv4", .innerIPv4, "IPv4 in a tunnel"),
    ProtocolName("inner.ipv6", .innerIPv6, "IPv6 in a tunnel"),
    ProtocolName("inner.fragment", .innerFragment, "A fragment of an IP datagram in a tunnel"),
    ProtocolName("inner.udp", .innerUDP, "UDP in a tunnel"),
    ProtocolName("inner.tcp", .innerTCP, "TCP in a tunnel"),
    ProtocolName("inner.icmp", .innerICMP, "ICMP for IPv4 in a tunnel"),
    ProtocolName("inner.icmpv6", .innerICMPv6, "ICMP for IPv6 in a tunnel"),
  ]
}

extension FieldLayout {
  /// The same header of the packet within a tunnel. Nothing of it can be set: that would take the
  /// checksums of every header around it.
  fileprivate func inner(_ layer: Layers, _ slot: HeaderSlot) -> FieldLayout {
    let layout = placed(as: "inner.\(name)", layer: layer, slot: slot)
    return layout.replacingAccess(.writable, with: .tunnelled)
  }
}
