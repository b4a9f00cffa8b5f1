// SPDX-License-Identifier: BSD-3-Clause

/// The header of Internet Protocol version 4 (RFC 791).
public enum IPv4 {
  /// Without options; with them up to 60.
  @inlinable public static var headerLength: Int { 20 }
}

extension HeaderWalk {
  mutating func ipv4(at offset: Int) {
    guard has(IPv4.headerLength, at: offset) else { return note(.ipv4HeaderCut) }
    let first = bytes.byte(at: offset)
    guard first >> 4 == 4 else { return note(.ipv4Version) }
    let headerLength = Int(first & 0x0f) * 4
    guard headerLength >= IPv4.headerLength else { return note(.ipv4HeaderLength) }
    guard has(headerLength, at: offset) else { return note(.ipv4HeaderCut) }
    found(.ipv4)
    ipProtocol = bytes.byte(at: offset + 9)
    place(.transport, offset + headerLength)
    payload(at: offset + headerLength)
    let totalLength = Int(bytes.networkUInt16(at: offset + 2))
    guard totalLength >= headerLength else { return note(.ipv4TotalLength) }

    if offset + totalLength > wireEnd { note(.ipv4PacketCut) }
    limit(to: offset + totalLength)
    if isFirstPart(bytes.networkUInt16(at: offset + 6)) { transport(at: offset + headerLength) }
  }

  /// "More fragments" and the 13 bits of offset: whether the packet begins with its transport.
  private func isFirstPart(_ fragment: UInt16) -> Bool {
    if fragment & 0x3fff != 0 { found(.fragment) }
    return fragment & 0x1fff == 0
  }

  /// What `ipProtocol` announces.
  mutating func transport(at offset: Int) {
    place(.transport, offset)
    payload(at: offset)
    switch IPProtocol(rawValue: ipProtocol) {
    case .udp: udp(at: offset)
    case .tcp: tcp(at: offset)
    case .icmp where has(.ipv4): icmp(at: offset)
    case .icmpv6 where has(.ipv6): icmpv6(at: offset)
    case .ipv4, .ipv6, .gre: tunnel(at: offset)
    case .uet where !has(.fragment): uetOverIP(at: offset)
    default: break
    }
  }
}
