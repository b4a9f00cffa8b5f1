// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// What tshark's list of protocols says of a packet's tunnels, as far as ours are followed: up to
/// the first protocol that we do not know, and no deeper than two tunnels.
struct TsharkTunnels {
  /// Those of the innermost tunnel and of the packet within.
  private(set) var layers: Layers = []
  private(set) var count = 0
  /// For each protocol of the innermost tunnel and the packet within: which one of those that the
  /// list has by this name, counted from 0.
  private(set) var places: [Substring: Int] = [:]
  private var rest: ArraySlice<Substring>
  private var passed: [Substring: Int] = [:]
  /// Destination ports of the datagrams. tshark goes by the source port too, and receivers do not.
  private let ports: [Substring]
  /// Versions of the GRE headers, of which we follow 0 only.
  private let greVersions: [Substring]

  init(_ protocols: [Substring], ports: [Substring], greVersions: [Substring]) {
    rest = protocols[...]
    self.ports = ports
    self.greVersions = greVersions
    link()
  }

  private mutating func take(_ name: Substring, _ layer: Layers = []) -> Bool {
    guard rest.first == name else { return false }
    rest.removeFirst()
    passed[name, default: 0] += 1
    if count > 0 {
      layers.formUnion(layer)
      if places[name] == nil { places[name] = passed[name, default: 1] - 1 }
    }
    return true
  }

  private mutating func enter(_ name: Substring, _ tunnel: Layers) -> Bool {
    rest.first == name && enter(tunnel) && take(name)
  }

  /// A tunnel that the list does not name.
  private mutating func enter(_ tunnel: Layers) -> Bool {
    guard count < 2 else { return false }
    count += 1
    (layers, places) = (tunnel, [:])
    return true
  }

  private mutating func link() {
    guard take("eth", .innerEthernet) else { return network() }
    while take("ethertype") || take("vlan", .innerVLAN) || take("ieee8021ad", .innerVLAN) {}
    passLabels()
    network()
    if count > 0 { _ = take("infiniband") }
  }

  private mutating func network() {
    if take("ip", .innerIPv4) { return transport() }
    guard take("ipv6", .innerIPv6) else { return }
    while ["ipv6.hopopts", "ipv6.routing", "ipv6.fraghdr", "ipv6.dstopts", "ah"].contains(
      rest.first)
    {
      rest.removeFirst()
    }
    transport()
  }

  private mutating func transport() {
    if take("udp", .innerUDP) { return datagram() }
    if rest.first == "gre" { return gre() }
    if rest.first == "ip" || rest.first == "ipv6" { return enter([]) ? network() : () }
    _ = take("tcp", .innerTCP) || take("icmp", .innerICMP) || take("icmpv6", .innerICMPv6)
  }

  private mutating func datagram() {
    let index = passed["udp", default: 1] - 1
    switch index < ports.count ? ports[index] : "" {
    case "4789", "8472": if enter("vxlan", .vxlan) { link() }
    case "4790": if enter(.vxlan) { link() }
    case "6081": if enter("geneve", .geneve) { link() }
    case "4754": if rest.first == "gre" { gre() }
    case "6635": if enter("mpls", []) { network() }
    case "2152": if enter("gtp", .gtpu) { network() }
    default: _ = take("infiniband")
    }
  }

  private mutating func gre() {
    let index = passed["gre", default: 0]
    guard index < greVersions.count, ["0", "0x0000"].contains(greVersions[index]),
      enter("gre", .gre)
    else { return }
    _ = take("erspan")
    passLabels()
    link()
  }

  /// Only over UDP does a label name the tunnel.
  private mutating func passLabels() {
    while rest.first == "mpls" { rest.removeFirst() }
  }
}
