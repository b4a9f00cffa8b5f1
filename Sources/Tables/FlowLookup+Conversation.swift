// SPDX-License-Identifier: BSD-3-Clause
public import Wire

/// The 5-tuple: addresses, protocol, and ports of UDP or TCP.
///
/// The last word holds source port, destination port, IP version and protocol. IPv4 has both
/// addresses in the first word, IPv6 two words for each.
extension FlowLookup {
  /// Reads the key; false of a packet without ports. Folded, both directions have one key: that of
  /// the end whose address, then port, is the lower one.
  @inlinable @inline(__always)
  public mutating func readConversation(
    _ headers: UnsafePointer<Headers>, _ bytes: UnsafeRawPointer, _ hasher: FlowHash,
    folds: Bool
  ) -> Bool {
    let layers = headers.pointee.layers.rawValue
    guard layers & (Layers.udp.rawValue | Layers.tcp.rawValue) != 0 else { return false }
    let transport = headers.pointee[.transport]
    let ports = bytes.networkUInt64(at: transport) &>> 32
    let network = bytes + headers.pointee[.network]
    let kind = UInt64(headers.pointee.ipProtocol)
    guard layers & Layers.ipv4.rawValue != 0 else {
      readWide(network + 8, ports, kind, folds: folds)
      hash = hasher(key)
      return true
    }
    let addresses = network.networkUInt64(at: 12)
    let turns = folds && Self.turns(addresses, ports)
    let ends = turns ? addresses &<< 32 | addresses &>> 32 : addresses
    let ordered = turns ? Self.swapped(ports) : ports
    setNarrow(ends, ordered &<< 32 | 4 &<< 8 | kind, hasher)
    return true
  }

  @inlinable @inline(__always)
  static func turns(_ addresses: UInt64, _ ports: UInt64) -> Bool {
    let (source, destination) = (addresses &>> 32, addresses & 0xffff_ffff)
    return source == destination ? ports &>> 16 > ports & 0xffff : source > destination
  }

  @inlinable @inline(__always)
  static func swapped(_ ports: UInt64) -> UInt64 { (ports & 0xffff) &<< 16 | ports &>> 16 }

  @usableFromInline @inline(never)
  mutating func readWide(
    _ addresses: UnsafeRawPointer, _ ports: UInt64, _ kind: UInt64, folds: Bool
  ) {
    let source = (addresses.networkUInt64(at: 0), addresses.networkUInt64(at: 8))
    let destination = (addresses.networkUInt64(at: 16), addresses.networkUInt64(at: 24))
    let turns =
      folds && (source == destination ? ports &>> 16 > ports & 0xffff : source > destination)
    let (one, other) = turns ? (destination, source) : (source, destination)
    let ordered = turns ? Self.swapped(ports) : ports
    key.words = [one.0, one.1, other.0, other.1, ordered &<< 32 | 6 &<< 8 | kind]
  }
}
