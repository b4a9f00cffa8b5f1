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

  @inlinable public static var mpls: EtherType { EtherType(rawValue: 0x8847) }
  @inlinable public static var mplsMulticast: EtherType { EtherType(rawValue: 0x8848) }
  /// PAUSE and PFC.
  @inlinable public static var macControl: EtherType { EtherType(rawValue: 0x8808) }
  @inlinable public static var lldp: EtherType { EtherType(rawValue: 0x88cc) }
  @inlinable public static var ptp: EtherType { EtherType(rawValue: 0x88f7) }
  @inlinable public static var roceV1: EtherType { EtherType(rawValue: 0x8915) }
  /// Ethernet within a tunnel.
  @inlinable public static var bridging: EtherType { EtherType(rawValue: 0x6558) }
  /// A mirrored packet within GRE, in versions II and III of ERSPAN.
  @inlinable public static var erspan2: EtherType { EtherType(rawValue: 0x88be) }
  @inlinable public static var erspan3: EtherType { EtherType(rawValue: 0x22eb) }

  /// Whether a 4-byte VLAN tag follows.
  @inlinable public var isVLAN: Bool {
    self == .vlan || self == .serviceVLAN || self == .oldServiceVLAN
  }

  /// Whether the two bytes are the length of an 802.3 packet instead (IEEE 802.3, 3.2.6).
  @inlinable public var isLength: Bool { rawValue <= 1500 }
}
