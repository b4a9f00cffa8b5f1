// SPDX-License-Identifier: BSD-3-Clause
import Spelling

/// Every field and every protocol name there is: the one vocabulary of rules, rewrites, traces,
/// counters and exporters.
public enum FieldTable {
  /// In the order of the headers in a packet.
  public static let all: [Field] =
    metadata + layouts.flatMap(\.fields) + eitherVersion

  /// The words that say which headers a packet has.
  public static let protocols: [ProtocolName] = [
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
    ProtocolName("sampled", .sampled, "A packet that the stage `sample` has marked"),
  ]

  static let layouts: [FieldLayout] = [
    .ethernet, .vlan, .secondVLAN, .arp, .ipv4, .ipv6, .udp, .tcp, .icmp, .icmpv6,
  ]

  public static func field(named name: String) -> Field? { fieldsByName[name] }

  public static func protocolName(_ name: String) -> ProtocolName? {
    protocols.first { $0.name == name }
  }

  /// The field or protocol that was perhaps meant by `name`.
  public static func suggestion(for name: String) -> String? {
    Spelling.nearest(to: name, among: all.map(\.name) + protocols.map(\.name))
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
