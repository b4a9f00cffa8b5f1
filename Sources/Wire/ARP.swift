// SPDX-License-Identifier: BSD-3-Clause

/// Address resolution (RFC 826): 8 bytes, then both parties' hardware and protocol addresses.
public enum ARP {
  /// With Ethernet and IPv4 addresses.
  public static let headerLength = 28
}

extension HeaderWalk {
  /// Other address lengths than 6 and 4 are allowed, but have no layer: nobody could read them.
  mutating func arp(at offset: Int) {
    guard has(8, at: offset) else { return note(.arpHeaderCut) }
    let lengths = bytes.networkUInt16(at: offset + 4)
    let length = 8 + 2 * (Int(lengths >> 8) + Int(lengths & 0xff))
    guard has(length, at: offset) else { return note(.arpHeaderCut) }
    found[.payload] = offset + length
    limit(to: offset + length)
    if lengths == 0x0604 { found.layers.insert(.arp) }
  }
}
