// SPDX-License-Identifier: BSD-3-Clause
import Pipeline
import Wire

/// Where a packet can be damaged so that its receiver finds out, and its way stays the same.
enum Corruption {
  /// Bytes of the packet's first segment: of RDMA what follows the base transport header, its ICRC
  /// included; of others what follows all headers, or the IP header if nothing does.
  static func range(of headers: UnsafePointer<Headers>, in packet: Packet) -> Range<Int> {
    let captured = Int(packet.pointee.data_length)
    let layers = headers.pointee.layers
    if layers.contains(.bth) {
      let end = headers.pointee.rdmaEnd > 0 ? Int(headers.pointee.rdmaEnd) : captured
      return range(from: headers.pointee[.rdma] + BTH.headerLength, to: min(end, captured))
    }
    let end = min(Int(headers.pointee.end), captured)
    let payload = range(from: headers.pointee[.payload], to: end)
    guard payload.isEmpty, !layers.isDisjoint(with: .ip) else { return payload }
    return range(from: headers.pointee[.transport], to: end)
  }

  private static func range(from start: Int, to end: Int) -> Range<Int> {
    start..<max(start, end)
  }
}
