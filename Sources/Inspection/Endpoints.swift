// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// Where a packet comes from and goes to, in the addresses that say most: those of the packet that
/// a tunnel carries before those of the tunnel, those of a network before those of a link.
struct Endpoints {
  private struct Pair {
    let source: ReadyField
    let destination: ReadyField

    /// Nil where the table has no such fields.
    init?(_ group: String, _ source: String, _ destination: String) {
      guard let source = ReadyField("\(group).\(source)"),
        let destination = ReadyField("\(group).\(destination)")
      else { return nil }
      self.source = source
      self.destination = destination
    }

    func texts(_ packet: ShownPacket) -> (source: String, destination: String)? {
      guard let source = packet.text(of: source), let destination = packet.text(of: destination)
      else { return nil }
      return (source, destination)
    }
  }

  private let inner = ["ip", "ipv4", "ipv6"].compactMap { Pair("inner.\($0)", "src", "dst") }
  private let network = [
    Pair("grh", "sgid", "dgid"), Pair("ip", "src", "dst"), Pair("arp", "sender_ip", "target_ip"),
    Pair("lrh", "slid", "dlid"),
  ].compactMap { $0 }
  private let link = ["inner.eth", "eth"].compactMap { Pair($0, "src", "dst") }
  private let innerPorts = ["inner.tcp", "inner.udp"].compactMap { Pair($0, "src", "dst") }
  private let ports = ["tcp", "udp"].compactMap { Pair($0, "src", "dst") }

  /// Empty texts where there are no addresses at all. Ports are those of other than RDMA packets,
  /// whose queue pairs say more.
  func texts(_ packet: ShownPacket) -> (source: String, destination: String) {
    if let ends = first(of: inner, packet) { return adding(innerPorts, to: ends, packet) }
    if let ends = first(of: network, packet) { return adding(ports, to: ends, packet) }
    return first(of: link, packet) ?? ("", "")
  }

  private func first(of pairs: [Pair], _ packet: ShownPacket) -> (
    source: String, destination: String
  )? {
    for pair in pairs {
      if let ends = pair.texts(packet) { return ends }
    }
    return nil
  }

  private func adding(
    _ ports: [Pair], to ends: (source: String, destination: String), _ packet: ShownPacket
  ) -> (source: String, destination: String) {
    guard !packet.layers.contains(.bth), let ports = first(of: ports, packet) else { return ends }
    return (joined(ends.source, ports.source), joined(ends.destination, ports.destination))
  }

  private func joined(_ address: String, _ port: String) -> String {
    address.utf8.contains(UInt8(ascii: ":")) ? "[\(address)]:\(port)" : "\(address):\(port)"
  }
}
