// SPDX-License-Identifier: BSD-3-Clause

/// The headers that a packet was found to have.
///
/// A header that is named here lies within the captured bytes: its fixed part always, the IPv4
/// header with its options. Whoever has tested the layer reads its fields without another test.
@frozen
public struct Layers: OptionSet, Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt64

  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }

  @inlinable public static var ethernet: Layers { Layers(rawValue: 1 << 0) }
  /// The outermost VLAN tag, 802.1Q or 802.1ad.
  @inlinable public static var vlan: Layers { Layers(rawValue: 1 << 1) }
  /// The second VLAN tag.
  @inlinable public static var secondVLAN: Layers { Layers(rawValue: 1 << 2) }
  /// Address resolution for IPv4 over Ethernet, the 28-byte form.
  @inlinable public static var arp: Layers { Layers(rawValue: 1 << 3) }
  @inlinable public static var ipv4: Layers { Layers(rawValue: 1 << 4) }
  @inlinable public static var ipv6: Layers { Layers(rawValue: 1 << 5) }
  /// A fragment, the first one included; only the first one has a transport header.
  @inlinable public static var fragment: Layers { Layers(rawValue: 1 << 6) }
  /// IPv6 with a routing header and hops to go: the destination address is not the final one.
  @inlinable public static var sourceRouted: Layers { Layers(rawValue: 1 << 7) }
  @inlinable public static var udp: Layers { Layers(rawValue: 1 << 8) }
  @inlinable public static var tcp: Layers { Layers(rawValue: 1 << 9) }
  @inlinable public static var icmp: Layers { Layers(rawValue: 1 << 10) }
  @inlinable public static var icmpv6: Layers { Layers(rawValue: 1 << 11) }

  /// Not a header: the mark that `sample` leaves on a packet.
  @inlinable public static var sampled: Layers { Layers(rawValue: 1 << 63) }
  /// What stages mark packets with, and a new parse must not forget.
  @inlinable public static var marks: Layers { sampled }

  @inlinable public static var ip: Layers {
    Layers(rawValue: ipv4.rawValue | ipv6.rawValue)
  }
}

/// The places of a packet where a header may begin; each has an offset in `Headers`.
@frozen
public enum HeaderSlot: Int, Sendable, CaseIterable {
  case link, vlan, secondVLAN
  /// What follows the link header and its tags, whether IP or not.
  case network
  /// What follows the IP headers; in a later fragment, its part of the payload.
  case transport
  /// The first byte that no header read so far covers.
  case payload
  /// The base transport header of RoCE and InfiniBand, or what iWARP and UET have in its stead.
  case rdma
  /// RDETH, which comes before all other extension headers.
  case reliableDatagram
  /// DETH, XRCETH or FETH: what says which queue or memory is meant.
  case queue
  /// RETH, AtomicETH or AETH: the operation's request or response.
  case operation
  /// ImmDt, IETH or AtomicAckETH: what ends the extension headers.
  case operand
  /// The header of the tunnel that the inner packet came through.
  case tunnel
  case innerLink, innerVLAN, innerNetwork, innerTransport
}

/// Where the headers of one packet are: filled by `parse`, read by every later stage.
///
/// One cache line. An offset counts bytes from the start of the packet and means something only
/// where `layers` has the header; `payload` always does. None lies past `end`.
@frozen
public struct Headers: BitwiseCopyable, Sendable {
  public var layers: Layers = []
  /// Offsets by `HeaderSlot`.
  public var offsets: InlineArray<16, UInt16> = .init(repeating: 0)
  /// Where the network packet ends, counted from the start of the packet: Ethernet padding and
  /// a frame check sequence lie behind it. Never past the captured bytes, and at most 65535.
  public var end: UInt16 = 0
  public var link: LinkType = .ethernet
  /// The first thing that is wrong with the packet, or `.none`.
  public var malformation: Malformation = .none
  /// The protocol number that the transport header's place holds (IANA).
  public var ipProtocol: UInt8 = 0
  /// How many VLAN tags were passed.
  public var vlanCount: UInt8 = 0
  @usableFromInline var reserved: InlineArray<18, UInt8> = .init(repeating: 0)

  @inlinable public init() {}

  @inlinable public subscript(slot: HeaderSlot) -> Int {
    get { Int(offsets[slot.rawValue]) }
    set { offsets[slot.rawValue] = UInt16(truncatingIfNeeded: newValue) }
  }
}
