// SPDX-License-Identifier: BSD-3-Clause

/// The User Datagram Protocol's header: two ports, length, checksum (RFC 768).
public enum UDP {
  @inlinable public static var headerLength: Int { 8 }
}

extension HeaderWalk {
  /// Bytes between the datagram's end and the IP packet's are tolerated, as hosts do. In a first
  /// fragment the length counts the bytes of the later ones too.
  mutating func udp(at offset: Int) {
    guard has(UDP.headerLength, at: offset) else { return note(.udpHeaderCut) }
    found(.udp)
    let start = offset + UDP.headerLength
    payload(at: start)
    let length = Int(bytes.networkUInt16(at: offset + 4))
    let port = bytes.networkUInt16(at: offset + 2)
    let isPast = offset + length > wireEnd && !has(.fragment) && !isTrimmed(toPort: port, at: start)
    if length < UDP.headerLength || isPast { return note(.udpLength) }
    if !has(.fragment) { datagram(toPort: port, at: start, end: offset + length) }
  }

  /// What the destination port announces; `end` is where the datagram ends on the wire.
  private mutating func datagram(toPort port: UInt16, at offset: Int, end: Int) {
    switch rules.pointee.payload(ofPort: port) {
    case .unknown: break
    case .roce: baseTransport(at: offset, end: end)
    case .ptp: found(.ptp)
    case .uet: uet(at: offset, end: end)
    case let kind: tunnel(kind, at: offset, end: end)
    }
  }
}
