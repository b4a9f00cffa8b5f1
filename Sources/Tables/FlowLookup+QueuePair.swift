// SPDX-License-Identifier: BSD-3-Clause
public import Wire

/// The key of a RoCE packet's queue pair: the addresses next to the base transport header, the
/// destination queue pair, and the tunnel with its name where the packet is in one.
///
/// The last word holds the tunnel's name, whether there is a tunnel, what the addresses are, and
/// the queue pair. IPv4 has both addresses in the first word, all else two words for each.
extension FlowLookup {
  /// What the addresses of a queue pair's key are; 0 where there are none.
  @usableFromInline
  enum Network {
    @inlinable static var ipv4: UInt64 { 1 << 24 }
    @inlinable static var ipv6: UInt64 { 2 << 24 }
    @inlinable static var grh: UInt64 { 3 << 24 }
    @inlinable static var lrh: UInt64 { 4 << 24 }
    @inlinable static var all: UInt64 { 7 << 24 }
    @inlinable static var isTunnelled: UInt64 { 1 << 31 }
  }

  @inlinable static var networks: UInt64 {
    Layers.bth.rawValue | Layers.ip.rawValue | Layers.grh.rawValue | Layers.lrh.rawValue
      | Layers.innerIP.rawValue
  }

  /// Reads the key; false of a packet without addresses. The packet has a base transport header.
  @inlinable @inline(__always)
  public mutating func readQueuePair(
    _ headers: UnsafePointer<Headers>, _ bytes: UnsafeRawPointer, _ hasher: FlowHash
  ) -> Bool {
    // Flags and queue pair, then flags and sequence number.
    let queuePair = bytes.networkUInt64(at: headers.pointee[.rdma] &+ 4) &>> 32 & 0xff_ffff
    let kind = headers.pointee.layers.rawValue & Self.networks
    guard kind == Layers.bth.rawValue | Layers.ipv4.rawValue else {
      guard readOtherAddresses(headers, bytes, queuePair) else { return false }
      hash = hasher(key)
      return true
    }
    let addresses = bytes.networkUInt64(at: headers.pointee[.network] &+ 12)
    setNarrow(addresses, Network.ipv4 | queuePair, hasher)
    return true
  }

  @usableFromInline @inline(never)
  mutating func readOtherAddresses(
    _ headers: UnsafePointer<Headers>, _ bytes: UnsafeRawPointer, _ queuePair: UInt64
  ) -> Bool {
    let layers = headers.pointee.layers
    let isTunnelled = headers.pointee.tunnelCount > 0
    let network = headers.pointee[isTunnelled ? .innerNetwork : .network]
    key = FlowKey()
    if layers.contains(.grh) {
      readWide(bytes + headers.pointee[.route] + 8, Network.grh)
    } else if layers.contains(isTunnelled ? .innerIPv4 : .ipv4) {
      key.words[0] = bytes.networkUInt64(at: network + 12)
      key.words[4] = Network.ipv4
    } else if layers.contains(isTunnelled ? .innerIPv6 : .ipv6) {
      readWide(bytes + network + 8, Network.ipv6)
    } else if layers.contains(.lrh) {
      // Destination, length and source of the local route header (volume 1, 7.7).
      let route = bytes.networkUInt64(at: headers.pointee[.link])
      key.words[0] = (route & 0xffff) &<< 32 | route &>> 32 & 0xffff
      key.words[4] = Network.lrh
    } else {
      return false
    }
    if isTunnelled {
      key.words[4] |= UInt64(headers.pointee.tunnelID) &<< 32 | Network.isTunnelled
    }
    key.words[4] |= queuePair
    return true
  }

  private mutating func readWide(_ addresses: UnsafeRawPointer, _ network: UInt64) {
    for word in 0..<4 { key.words[word] = addresses.networkUInt64(at: word * 8) }
    key.words[4] = network
  }
}

extension FlowKey {
  /// The queue pair that packets of this key go to.
  public var queuePair: UInt32 { UInt32(truncatingIfNeeded: words[4] & 0xff_ffff) }

  /// The key of packets between the same ends to another queue pair.
  func with(queuePair: UInt32) -> FlowKey {
    var key = self
    key.words[4] = words[4] & ~0xff_ffff | UInt64(queuePair)
    return key
  }

  /// The key of packets that go the other way, to another queue pair.
  func reversed(to queuePair: UInt32) -> FlowKey {
    var key = FlowKey()
    switch words[4] & FlowLookup.Network.all {
    case FlowLookup.Network.ipv4, FlowLookup.Network.lrh:
      key.words[0] = words[0] &<< 32 | words[0] &>> 32
    default: key.words = [words[2], words[3], words[0], words[1], 0]
    }
    key.words[4] = words[4] & ~0xff_ffff | UInt64(queuePair)
    return key
  }
}
