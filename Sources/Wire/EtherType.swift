// SPDX-License-Identifier: BSD-3-Clause

/// The two bytes that say what an Ethernet header or a VLAN tag is followed by.
@frozen
public struct EtherType: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt16

  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

  @inlinable public static var ipv4: EtherType { EtherType(rawValue: 0x0800) }
  @inlinable public static var arp: EtherType { EtherType(rawValue: 0x0806) }
  @inlinable public static var ipv6: EtherType { EtherType(rawValue: 0x86dd) }
  /// A customer tag, 802.1Q.
  @inlinable public static var vlan: EtherType { EtherType(rawValue: 0x8100) }
  /// A service tag, 802.1ad.
  @inlinable public static var serviceVLAN: EtherType { EtherType(rawValue: 0x88a8) }
  /// The service tag of switches older than 802.1ad.
  @inlinable public static var oldServiceVLAN: EtherType { EtherType(rawValue: 0x9100) }

  /// Whether a 4-byte VLAN tag follows.
  @inlinable public var isVLAN: Bool {
    self == .vlan || self == .serviceVLAN || self == .oldServiceVLAN
  }

  /// Whether the two bytes are the length of an 802.3 packet instead (IEEE 802.3, 3.2.6).
  @inlinable public var isLength: Bool { rawValue <= 1500 }
}
