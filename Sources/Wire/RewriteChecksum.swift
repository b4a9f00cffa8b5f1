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
    let checksum = transport.loadUnaligned(fromByteOffset: 6, as: UInt16.self)
    guard checksum != 0 else { return }
    let updated = Checksum.updated(checksum, adding: UInt64(growth))
    transport.storeBytes(of: Checksum.udpValue(updated), toByteOffset: 6, as: UInt16.self)
  } else if layers & Layers.tcp.rawValue != 0 {
    correctChecksum(transport + 16, by: growth)
  } else if layers & Layers.icmpv6.rawValue != 0 {
    correctChecksum(transport + 2, by: growth)
  }
}
