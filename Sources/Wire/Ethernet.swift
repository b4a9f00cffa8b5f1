// SPDX-License-Identifier: BSD-3-Clause

/// The Ethernet header: two addresses and the type (IEEE 802.3, 3.1.1).
public enum Ethernet {
  public static let headerLength = 14
  /// What a frame takes of the wire beside itself: preamble and start delimiter, frame check
  /// sequence, gap (IEEE 802.3, 3.1.1 and 4.4.2).
  @inlinable public static var wireOverhead: UInt32 { 8 + 4 + 12 }
}

extension HeaderWalk {
  mutating func ethernet(at offset: Int) {
    guard has(Ethernet.headerLength, at: offset) else { return note(.ethernetHeaderCut) }
    found(.ethernet)
    place(.link, offset)
    payload(at: offset + Ethernet.headerLength)
    tagged(
      EtherType(rawValue: bytes.networkUInt16(at: offset + 12)),
      at: offset + Ethernet.headerLength)
  }

  /// What an EtherType announces, once the tags are passed.
  mutating func network(_ type: EtherType, at offset: Int) {
    place(.network, offset)
    payload(at: offset)
    switch type {
    case .ipv4: ipv4(at: offset)
    case .ipv6: ipv6(at: offset)
    case .arp: arp(at: offset)
    case .mpls, .mplsMulticast: labels(at: offset)
    case .roceV1: roceV1(at: offset)
    case .macControl: macControl(at: offset)
    case .lldp: found(.lldp)
    case .ptp: found(.ptp)
    case _ where type.isLength: logicalLink(length: Int(type.rawValue), at: offset)
    default: break
    }
  }

  /// An 802.3 packet. Logical link control is passed where it announces an EtherType (RFC 1042:
  /// both service access points 0xaa, an unnumbered frame, organization 0); nothing else that it
  /// may carry is looked at.
  private mutating func logicalLink(length: Int, at offset: Int) {
    if offset + length > wireEnd { note(.ethernetLength) }
    limit(to: offset + length)
    guard has(8, at: offset), bytes.networkUInt32(at: offset) == 0xaaaa_0300,
      bytes.networkUInt16(at: offset + 4) == 0
    else { return }
    let type = EtherType(rawValue: bytes.networkUInt16(at: offset + 6))
    if !type.isLength { network(type, at: offset + 8) }
  }
}
