// SPDX-License-Identifier: BSD-3-Clause
import Pipeline
import Wire

/// What of a packet is counted where its bytes matter.
enum PacketMeasure: String, CaseIterable, Sendable, BitwiseCopyable {
  case ip, frame, wire

  /// What is counted beside the frame.
  var overhead: UInt32 { self == .wire ? Ethernet.wireOverhead : 0 }

  /// The bytes of a packet, at least 1.
  @inline(__always)
  func bytes(of index: Int, in burst: borrowing Burst) -> UInt32 {
    let bytes =
      switch self {
      case .ip: Self.networkLength(of: index, in: burst)
      case .frame: burst.wireLength(index)
      case .wire: burst.wireLength(index) &+ Ethernet.wireOverhead
      }
    return max(bytes, 1)
  }

  /// What the IP header says: padding behind the packet does not count, and what a capture cut off
  /// does. Of other packets what follows the link header.
  @inline(__always)
  private static func networkLength(of index: Int, in burst: borrowing Burst) -> UInt32 {
    let headers = burst.headers(index)
    let network = headers.pointee[.network]
    let bytes = burst.bytes(index) + network
    let layers = headers.pointee.layers.rawValue
    if layers & Layers.ipv4.rawValue != 0 {
      return UInt32(bytes.networkUInt16(at: 2))
    }
    if layers & Layers.ipv6.rawValue != 0 {
      return 40 + UInt32(bytes.networkUInt16(at: 4))
    }
    let length = burst.wireLength(index)
    let isFramed = layers & Layers.ethernet.rawValue != 0 && network < Int(length)
    return isFramed ? length &- UInt32(truncatingIfNeeded: network) : length
  }
}
