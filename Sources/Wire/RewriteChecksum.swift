// SPDX-License-Identifier: BSD-3-Clause

// A growth is by how much the sum of the 16-bit words that a checksum covers became greater, in
// one's complement and, like the checksum itself here, in memory order.

@inlinable @inline(__always)
func correctIPv4Checksum(_ header: UnsafeMutableRawPointer, by growth: UInt16) {
  correctChecksum(header + 10, by: growth)
}

@inlinable @inline(__always)
func correctChecksum(_ place: UnsafeMutableRawPointer, by growth: UInt16) {
  let checksum = place.loadUnaligned(as: UInt16.self)
  place.storeBytes(of: Checksum.updated(checksum, adding: UInt64(growth)), as: UInt16.self)
}

/// A UDP checksum of 0 says that there is none. A later fragment has no transport layer and is
/// left alone; a first one is corrected for the whole datagram.
@inlinable @inline(__always)
func correctTransportChecksum(
  _ layers: UInt64, _ transport: UnsafeMutableRawPointer, by growth: UInt16
) {
  if layers & Layers.udp.rawValue != 0 {
    _ = correctUDPChecksum(transport, by: growth)
  } else if layers & Layers.tcp.rawValue != 0 {
    correctChecksum(transport + 16, by: growth)
  } else if layers & Layers.icmpv6.rawValue != 0 {
    correctChecksum(transport + 2, by: growth)
  }
}

/// False when the datagram has no checksum.
@inlinable @inline(__always)
func correctUDPChecksum(_ header: UnsafeMutableRawPointer, by growth: UInt16) -> Bool {
  let checksum = header.loadUnaligned(fromByteOffset: 6, as: UInt16.self)
  guard checksum != 0 else { return false }
  let updated = Checksum.updated(checksum, adding: UInt64(growth))
  header.storeBytes(of: Checksum.udpValue(updated), toByteOffset: 6, as: UInt16.self)
  return true
}

/// Of RDMA in a tunnel the innermost checksum follows. Those further out cover the bytes and that
/// checksum, which grow against each other, and stay right. Of tunnels in tunnels, datagrams in
/// between are not known, so theirs stay as they are.
@inlinable @inline(__always)
func correctRDMAChecksum(
  _ packet: UnsafeMutableRawPointer, _ headers: UnsafePointer<Headers>, by growth: UInt16
) {
  let layers = headers.pointee.layers.rawValue
  if layers & Layers.innerUDP.rawValue != 0,
    correctUDPChecksum(packet + headers.pointee[.innerTransport], by: growth)
  {
    return
  }
  // GRE's first bit says that a checksum follows, which covers all it carries.
  let tunnel = packet + headers.pointee[.tunnel]
  if layers & Layers.gre.rawValue != 0, tunnel.load(as: UInt8.self) & 0x80 != 0 {
    return correctChecksum(tunnel + 4, by: growth)
  }
  guard layers & Layers.udp.rawValue != 0 else { return }
  _ = correctUDPChecksum(packet + headers.pointee[.transport], by: growth)
}
