// SPDX-License-Identifier: BSD-3-Clause

/// The User Datagram Protocol's header: two ports, length, checksum (RFC 768).
public enum UDP {
  public static let headerLength = 8
}

extension HeaderWalk {
  /// Bytes between the datagram's end and the IP packet's are tolerated, as hosts do. In a first
  /// fragment the length counts the bytes of the later ones too.
  func udp(at offset: Int) {
    guard has(UDP.headerLength, at: offset) else { return note(.udpHeaderCut) }
    headers.pointee.layers.insert(.udp)
    headers.pointee[.payload] = offset + UDP.headerLength
    let length = Int(bytes.networkUInt16(at: offset + 4))
    let isPast = offset + length > wireEnd && !headers.pointee.layers.contains(.fragment)
    if length < UDP.headerLength || isPast { note(.udpLength) }
  }
}
