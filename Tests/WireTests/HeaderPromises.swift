// SPDX-License-Identifier: BSD-3-Clause
@testable import Wire

/// What `Layers` and `Headers` promise of any packet whatever.
enum HeaderPromises {
  /// The promise that `headers` break, or nil. `bytes` are the `captured` ones.
  static func broken(
    by headers: Headers, _ bytes: UnsafeRawPointer, captured: Int, link: LinkType
  ) -> String? {
    if headers.link != link { return "the link type is another one" }
    if headers.end > captured { return "the end is not captured" }
    for slot in headers.offsets.indices where headers.offsets[slot] > headers.end {
      return "the place of slot \(slot) lies past the end"
    }
    for header in fixedHeaders + fabricHeaders + tunnelHeaders
    where !headers.layers.isDisjoint(with: header.layer) {
      if headers[header.slot] + header.length > headers.end {
        return "the header at \(header.slot) is not captured"
      }
    }
    return brokenOptions(headers, bytes) ?? brokenCombination(headers) ?? brokenOrder(headers)
  }

  private static let fixedHeaders: [(layer: Layers, slot: HeaderSlot, length: Int)] = [
    (.ethernet, .link, 14), (.vlan, .vlan, 4), (.secondVLAN, .secondVLAN, 4), (.arp, .network, 28),
    (.ipv4, .network, 20), (.ipv6, .network, 40), (.udp, .transport, 8), (.tcp, .transport, 20),
    (.icmp, .transport, 8), (.icmpv6, .transport, 8),
  ]

  /// Labels, MAC control, and what carries RDMA.
  private static let fabricHeaders: [(layer: Layers, slot: HeaderSlot, length: Int)] = [
    (.mpls, .label, 4), (.pause, .network, 4), (.pfc, .network, 20), (.lrh, .link, 8),
    (.grh, .route, 40), (.bth, .rdma, 12), (.rdeth, .reliableDatagram, 4), (.deth, .queue, 8),
    (.xrceth, .queue, 4), (.reth, .operation, 16), (.atomicETH, .operation, 28),
    (.aeth, .operation, 4), (.atomicAckETH, .operand, 8), (.immDt, .operand, 4),
    (.ieth, .operand, 4), (.feth, .operand, 4), (.cm, .operation, 256), (.uet, .rdma, 4),
    (.uetContext, .rdma, 12), (.uetIdempotent, .rdma, 8), (.uetNACK, .rdma, 16),
    (.sesRequest, .operation, 20), (.sesResponse, .operation, 12), (.mpaStart, .rdma, 20),
    (.ddp, .rdma, 2), (.ddpTagged, .operation, 14), (.ddpUntagged, .operation, 18),
  ]

  private static let tunnelHeaders: [(layer: Layers, slot: HeaderSlot, length: Int)] = [
    (.vxlan, .tunnel, 8), (.geneve, .tunnel, 8), (.gre, .tunnel, 4), (.nvgre, .tunnel, 8),
    (.erspan2, .tunnel, 16), (.erspan3, .tunnel, 20), (.gtpu, .tunnel, 8),
    (.innerEthernet, .innerLink, 14), (.innerVLAN, .innerVLAN, 4),
    (.innerIPv4, .innerNetwork, 20), (.innerIPv6, .innerNetwork, 40),
    (.innerUDP, .innerTransport, 8), (.innerTCP, .innerTransport, 20),
    (.innerICMP, .innerTransport, 8), (.innerICMPv6, .innerTransport, 8),
  ]

  private static func brokenOptions(_ headers: Headers, _ bytes: UnsafeRawPointer) -> String? {
    guard headers.layers.contains(.ipv4) else { return nil }
    let length = Int(bytes.load(fromByteOffset: headers[.network], as: UInt8.self) & 0xf) * 4
    if length < 20 { return "an IPv4 header is shorter than itself" }
    return headers[.network] + length > headers.end ? "IPv4 options are not captured" : nil
  }

  /// Headers that cannot be in one packet, and marks that no parse makes.
  private static func brokenCombination(_ headers: Headers) -> String? {
    let layers = headers.layers
    if layers.intersection([.arp, .ipv4, .ipv6]).rawValue.nonzeroBitCount > 1 {
      return "there is more than one network header"
    }
    if layers.intersection([.udp, .tcp, .icmp, .icmpv6]).rawValue.nonzeroBitCount > 1 {
      return "there is more than one transport header"
    }
    for (part, whole) in parts where layers.contains(part) && layers.isDisjoint(with: whole) {
      return "layer \(part.rawValue) is there without any of \(whole.rawValue)"
    }
    if headers.tunnelCount == 0, !headers.layers.isDisjoint(with: .tunnel) {
      return "a packet in no tunnel has the layers of one"
    }
    let tags = min(headers.vlanCount, 2)
    if (tags > 0) != layers.contains(.vlan) || (tags > 1) != layers.contains(.secondVLAN) {
      return "\(headers.vlanCount) tags were counted"
    }
    return layers.isDisjoint(with: .marks) ? nil : "a parse has marked a packet"
  }

  private static let parts: [(Layers, Layers)] = [
    (.fragment, .ip), (.sourceRouted, .ipv6), (.udp, .ip), (.tcp, .ip), (.icmp, .ipv4),
    (.icmpv6, .ipv6), (.ack, .aeth), (.nak, .aeth), (.rnrNAK, .aeth), (.aeth, .bth),
    (.deth, .bth), (.cm, .deth), (.cmRequest, .cm), (.cmReply, .cm), (.sesRequest, .uet),
    (.sesResponse, .uet), (.uetNACK, .uetContext), (.nvgre, .gre), (.erspan2, .gre),
  ]

  /// Headers that overlap.
  private static func brokenOrder(_ headers: Headers) -> String? {
    var end = 0
    for header in fixedHeaders where headers.layers.contains(header.layer) {
      if headers[header.slot] < end { return "the header at \(header.slot) overlaps another" }
      end = headers[header.slot] + header.length
    }
    return headers[.payload] < end ? "the payload overlaps a header" : nil
  }
}
