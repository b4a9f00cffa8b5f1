// SPDX-License-Identifier: BSD-3-Clause
import Wire

extension TsharkReading {
  /// What `layers` can tell; the suites of other protocols compare the rest.
  static let comparedLayers: Layers = [
    .ethernet, .vlan, .secondVLAN, .arp, .mpls, .ipv4, .ipv6, .udp, .tcp, .icmp, .icmpv6, .bth,
    .grh, .lldp,
  ]

  /// The layers that the parser can be expected to find: those up to the first unknown protocol.
  func layers() -> Layers {
    var layers: Layers = []
    var rest = protocols[...]
    // Link type 228 (IPv4 only) over an IPv6 packet.
    if rest.starts(with: ["ip", "ipv6"]) { rest.removeFirst() }
    func take(_ name: Substring) -> Bool {
      guard rest.first == name else { return false }
      rest.removeFirst()
      return true
    }
    if take("eth") { layers.insert(.ethernet) }
    _ = take("sll") || take("null") || take("raw")
    while let name = rest.first, ["ethertype", "vlan", "ieee8021ad"].contains(name) {
      rest.removeFirst()
      guard name != "ethertype" else { continue }
      layers.insert(layers.contains(.vlan) ? .secondVLAN : .vlan)
    }
    while take("mpls") { layers.insert(.mpls) }
    if take("lldp") { layers.insert(.lldp) }
    if layers == .ethernet, take("infiniband") { layers.formUnion([.grh, .bth]) }
    if take("arp"), isPlainARP { layers.insert(.arp) }
    if take("ip") { layers.insert(.ipv4) } else if take("ipv6") { layers.insert(.ipv6) }
    let extensions: [Substring] = [
      "ipv6.hopopts", "ipv6.routing", "ipv6.fraghdr", "ipv6.dstopts", "ah",
    ]
    while layers.contains(.ipv6), let name = rest.first, extensions.contains(name) {
      rest.removeFirst()
    }
    guard !layers.isDisjoint(with: .ip) else { return layers }
    if take("udp") {
      layers.insert(.udp)
      if take("infiniband") { layers.insert(.bth) }
    }
    if take("tcp") { layers.insert(.tcp) }
    if take("icmp") { layers.insert(.icmp) }
    if take("icmpv6") { layers.insert(.icmpv6) }
    return layers
  }

  /// For other kinds than IPv4 over Ethernet there is no layer.
  private var isPlainARP: Bool {
    self["arp.hw.type"] == 1 && self["arp.proto.type"] == 0x0800 && self["arp.hw.size"] == 6
      && self["arp.proto.size"] == 4
  }
}
