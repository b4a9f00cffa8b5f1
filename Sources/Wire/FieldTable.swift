// SPDX-License-Identifier: BSD-3-Clause
import Spelling

/// Every field and every protocol name there is: the one vocabulary of rules, rewrites, traces,
/// counters and exporters.
public enum FieldTable {
  /// In the order of the headers in a packet.
  public static let all: [Field] =
    metadata + marks + (layouts + rdmaLayouts).flatMap(\.fields)
    + eitherVersion("ip", .ipv4, .ipv6, protocol: known(.ipProtocol, .ip, bits: 8))
    + eitherMessage + known + ultraEthernet
    + FieldLayout.iwarp.flatMap(\.fields) + tunnelMetadata
    + (tunnelLayouts + innerLayouts).flatMap(\.fields) + innerEitherVersion

  /// Those that can be set.
  public static let writable: [Field] = all.filter { $0.access == .writable }

  /// Those that a packet has by itself, without what stages mark it with.
  public static let ofPackets: [Field] = all.filter { !marks.contains($0) }

  /// The words that say which headers a packet has.
  public static let protocols: [ProtocolName] =
    ethernetProtocols + rdmaProtocols + transportProtocols + tunnelProtocols

  /// The words for what any network has.
  static let ethernetProtocols: [ProtocolName] = [
    ProtocolName("eth", .ethernet, "An Ethernet header"),
    ProtocolName("vlan", .vlan, "A VLAN tag, 802.1Q or 802.1ad"),
    ProtocolName("vlan2", .secondVLAN, "A second VLAN tag"),
    ProtocolName("arp", .arp, "Address resolution for IPv4 over Ethernet"),
    ProtocolName("ip", .ip, "IPv4 or IPv6"),
    ProtocolName("ipv4", .ipv4, "IPv4"),
    ProtocolName("ipv6", .ipv6, "IPv6"),
    ProtocolName("fragment", .fragment, "A fragment of an IP datagram, the first one included"),
    ProtocolName("source_routed", .sourceRouted, "IPv6 that has not reached its last hop yet"),
    ProtocolName("udp", .udp, "UDP"),
    ProtocolName("tcp", .tcp, "TCP"),
    ProtocolName("icmp", .icmp, "ICMP for IPv4"),
    ProtocolName("icmpv6", .icmpv6, "ICMP for IPv6"),
    ProtocolName("mpls", .mpls, "MPLS"),
    ProtocolName("pause", .pause, "A PAUSE frame"),
    ProtocolName("pfc", .pfc, "A frame of priority-based flow control"),
    ProtocolName("lldp", .lldp, "Link layer discovery"),
    ProtocolName("ptp", .ptp, "Precision time protocol, over Ethernet or UDP"),
    ProtocolName("sampled", .sampled, "A packet that the stage `sample` has marked"),
  ]

  /// The words for RDMA.
  static let rdmaProtocols: [ProtocolName] = [
    ProtocolName("lrh", .lrh, "A local route header: native InfiniBand"),
    ProtocolName("grh", .grh, "A global route header: RoCEv1, or native InfiniBand"),
    ProtocolName("roce", .bth, "A base transport header: RoCEv1, RoCEv2 or native InfiniBand"),
    ProtocolName("bth", .bth, "The same as `roce`"),
    ProtocolName("rdeth", .rdeth, "Reliable datagram's extension header"),
    ProtocolName("deth", .deth, "Datagram's extension header"),
    ProtocolName("xrceth", .xrceth, "Extension header of XRC"),
    ProtocolName("reth", .reth, "RDMA's extension header: memory of the responder"),
    ProtocolName("atomiceth", .atomicETH, "Extension header of atomic operations"),
    ProtocolName("aeth", .aeth, "Acknowledgement's extension header"),
    ProtocolName("ack", .ack, "An AETH that acknowledges"),
    ProtocolName("nak", .nak, "An AETH that refuses"),
    ProtocolName("rnr_nak", .rnrNAK, "An AETH that says that the receiver is not ready"),
    ProtocolName("atomicacketh", .atomicAckETH, "Extension header of an atomic operation's answer"),
    ProtocolName("immdt", .immDt, "Immediate data"),
    ProtocolName("ieth", .ieth, "Extension header that invalidates a key"),
    ProtocolName("feth", .feth, "Extension header of a flush"),
    ProtocolName("cm", .cm, "A message of the communication manager"),
    ProtocolName("cm_req", .cmRequest, "A request to connect"),
    ProtocolName("cm_rep", .cmReply, "A reply to a request to connect"),
    ProtocolName("cm_rej", .cmReject, "A refusal of a request to connect"),
    ProtocolName("cm_dreq", .cmDisconnect, "A request to disconnect"),
  ]

  static let layouts: [FieldLayout] = [
    .ethernet, .vlan, .secondVLAN, .arp, .mpls, .pause, .priorityFlowControl, .ipv4, .ipv6, .udp,
    .tcp, .icmp, .icmpv6,
  ]

  static let rdmaLayouts: [FieldLayout] = [
    .localRoute, .globalRoute, .baseTransport, .reliableDatagram, .datagram,
    .extendedReliableConnection, .remoteMemory, .atomic, .acknowledge, .credits, .receiverNotReady,
    .negative, .atomicAcknowledge, .immediate, .invalidate, .flush, .cm, .cmRequest, .cmReply,
    .cmReject, .cmDisconnect,
  ]

  public static func field(named name: String) -> Field? { fieldsByName[name] }

  /// The field that has this place and no other.
  public static func field(at place: FieldPlace) -> Field? { fieldsByPlace[place] }

  public static func protocolName(_ name: String) -> ProtocolName? {
    protocols.first { $0.name == name }
  }

  /// The field or protocol that was perhaps meant by `name`.
  public static func suggestion(for name: String) -> String? {
    Spelling.nearest(to: name, among: all.map(\.name) + protocols.map(\.name))
  }

  /// Of several names for one place, the first.
  private static let fieldsByPlace = all.reversed().reduce(into: [FieldPlace: Field]()) {
    if $1.places.second == nil { $0[$1.places.first] = $1 }
  }

  private static let fieldsByName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
}

/// A word that holds for packets that have a header, or one of several.
public struct ProtocolName: Hashable, Sendable {
  public let name: String
  /// Any of these suffices.
  public let layers: Layers
  /// One line, without a full stop.
  public let summary: String

  init(_ name: String, _ layers: Layers, _ summary: String) {
    self.name = name
    self.layers = layers
    self.summary = summary
  }
}
