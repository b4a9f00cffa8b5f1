// SPDX-License-Identifier: BSD-3-Clause

/// The header of Internet Protocol version 6 (RFC 8200).
public enum IPv6 {
  @inlinable public static var headerLength: Int { 40 }
  /// How many extension headers `parse` passes before it calls the packet malformed.
  public static let mostExtensions = 8
  /// How many bytes the extension headers may take together.
  public static let longestChain = 2048
}

extension HeaderWalk {
  mutating func ipv6(at offset: Int) {
    guard has(IPv6.headerLength, at: offset) else { return note(.ipv6HeaderCut) }
    guard bytes.byte(at: offset) >> 4 == 6 else { return note(.ipv6Version) }
    found(.ipv6)
    ipProtocol = bytes.byte(at: offset + 6)
    payloadLength(Int(bytes.networkUInt16(at: offset + 4)), at: offset + IPv6.headerLength)
    extensions(at: offset + IPv6.headerLength)
  }

  /// Jumbograms (RFC 2675) have a payload length of 0 and the true one in a hop-by-hop option; no
  /// link that Sluice drives carries one, so they are named, and end where the packet does.
  private mutating func payloadLength(_ length: Int, at offset: Int) {
    if length == 0, ipProtocol == IPProtocol.hopByHop.rawValue {
      return note(.ipv6Jumbogram)
    }
    if offset + length > wireEnd { note(.ipv6PacketCut) }
    limit(to: offset + length)
  }

  private mutating func extensions(at start: Int) {
    var offset = start
    var passed = 0
    while let kind = extensionKind {
      payload(at: offset)
      passed += 1
      guard has(8, at: offset) else { return note(.ipv6ExtensionCut) }
      let length = extensionLength(of: kind, at: offset)
      guard passed <= IPv6.mostExtensions, offset + length - start <= IPv6.longestChain else {
        return note(.ipv6ChainTooDeep)
      }
      guard has(length, at: offset) else { return note(.ipv6ExtensionCut) }
      let hopsToGo = kind == .routing ? bytes.byte(at: offset + 3) : 0
      if hopsToGo > 0 { found(.sourceRouted) }
      ipProtocol = bytes.byte(at: offset)
      let isFirst = kind != .fragment || isFirstFragment(bytes.networkUInt16(at: offset + 2))
      offset += length
      payload(at: offset)
      guard isFirst else { return place(.transport, offset) }
    }
    transport(at: offset)
  }

  private var extensionKind: IPProtocol? {
    let kind = IPProtocol(rawValue: ipProtocol)
    switch kind {
    case .hopByHop, .routing, .fragment, .authentication, .destinationOptions: return kind
    default: return nil
    }
  }

  /// Counted in units of 8 bytes after the first 8, in an authentication header of 4.
  private func extensionLength(of kind: IPProtocol, at offset: Int) -> Int {
    let units = Int(bytes.byte(at: offset + 1))
    switch kind {
    case .fragment: return 8
    case .authentication: return (units + 2) * 4
    default: return (units + 1) * 8
    }
  }

  /// 13 bits of offset, 2 reserved, "more fragments". A packet with an offset of 0 and no more
  /// fragments is whole (RFC 6946).
  private func isFirstFragment(_ fragment: UInt16) -> Bool {
    if fragment & 0xfff9 != 0 { found(.fragment) }
    return fragment & 0xfff8 == 0
  }
}
