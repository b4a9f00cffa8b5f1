// SPDX-License-Identifier: BSD-3-Clause

/// Address resolution (RFC 826): 8 bytes, then both parties' hardware and protocol addresses.
public enum ARP {
  /// With Ethernet and IPv4 addresses.
  public static let headerLength = 28
}

extension HeaderWalk {
  /// Other hardware, protocols and address lengths are allowed, but not read.
  mutating func arp(at offset: Int) {
    guard has(8, at: offset) else { return note(.arpHeaderCut) }
    let isEthernetAndIPv4 =
      bytes.networkUInt32(at: offset) == 0x0001_0800
      && bytes.networkUInt16(at: offset + 4) == 0x0604
    guard isEthernetAndIPv4 else { return }
    guard has(ARP.headerLength, at: offset) else { return note(.arpHeaderCut) }
    found(.arp)
    payload(at: offset + ARP.headerLength)
    limit(to: offset + ARP.headerLength)
  }
}
