// SPDX-License-Identifier: BSD-3-Clause
import Tables
import Wire

/// A number that is the same for all packets of a flow, and differs between flows: by it, routers
/// spread what a tunnel carries (RFC 7348 section 5, RFC 8926 section 3.3, RFC 6438).
struct FlowEntropy: BitwiseCopyable {
  private var state: UInt64 = 0x9e37_79b9_7f4a_7c15

  /// Of addresses, protocol, ports and queue pair. All fragments of a packet share a number, so
  /// only addresses and protocol count there; without IP it is the link header that counts.
  init(of bytes: UnsafeRawPointer, _ headers: UnsafePointer<Headers>) {
    let layers = headers.pointee.layers
    let network = bytes + headers.pointee[.network]
    if layers.contains(.ipv4) {
      add(network.loadUnaligned(fromByteOffset: 12, as: UInt64.self))
    } else if layers.contains(.ipv6) {
      addAddresses(network + 8)
    } else {
      add(bytes.loadUnaligned(as: UInt64.self))
      add(UInt64(bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self)))
      if layers.contains(.grh) { addAddresses(bytes + headers.pointee[.route] + 8) }
    }
    add(UInt64(headers.pointee.ipProtocol))
    guard !layers.contains(.fragment) else { return }
    if layers.contains(.udp) || layers.contains(.tcp) {
      let transport = bytes + headers.pointee[.transport]
      add(UInt64(transport.loadUnaligned(as: UInt32.self)))
    }
    if layers.contains(.bth) {
      let rdma = bytes + headers.pointee[.rdma]
      add(UInt64(rdma.networkUInt32(at: 4) & 0xff_ffff))
    }
  }

  /// One of the ports that are for this (RFC 7348 section 5): 49152 to 65535.
  var port: UInt16 { 0xc000 | UInt16(truncatingIfNeeded: state >> 40) & 0x3fff }

  /// 20 bits.
  var flowLabel: UInt32 { UInt32(truncatingIfNeeded: state >> 20) & 0xf_ffff }

  @inline(__always)
  private mutating func addAddresses(_ bytes: UnsafeRawPointer) {
    for place in 0..<4 { add(bytes.loadUnaligned(fromByteOffset: 8 &* place, as: UInt64.self)) }
  }

  @inline(__always)
  private mutating func add(_ value: UInt64) {
    state = foldedProduct(state ^ value, 0xd6e8_feb8_6659_fd93)
  }
}
