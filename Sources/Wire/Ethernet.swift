// SPDX-License-Identifier: BSD-3-Clause

/// The Ethernet header: two addresses and the type (IEEE 802.3, 3.1.1).
public enum Ethernet {
  public static let headerLength = 14
}

extension HeaderWalk {
  mutating func ethernet() {
    guard has(14, at: 0) else { return note(.ethernetHeaderCut) }
    headers.pointee.layers.insert(.ethernet)
    headers.pointee[.payload] = 14
    tagged(EtherType(rawValue: bytes.networkUInt16(at: 12)), at: 14)
  }

  /// What an EtherType announces, once the tags are passed.
  mutating func network(_ type: EtherType, at offset: Int) {
    headers.pointee[.network] = offset
    headers.pointee[.payload] = offset
    switch type {
    case .ipv4: ipv4(at: offset)
    case .ipv6: ipv6(at: offset)
    case .arp: arp(at: offset)
    case _ where type.isLength: logicalLink(length: Int(type.rawValue), at: offset)
    default: break
    }
  }

  /// An 802.3 packet; what the logical link control carries is not looked at.
  private mutating func logicalLink(length: Int, at offset: Int) {
    if offset + length > wireEnd { note(.ethernetLength) }
    limit(to: offset + length)
  }
}
