// SPDX-License-Identifier: BSD-3-Clause

/// The headers that a packet was found to have.
@frozen
public struct Layers: OptionSet, Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt64

  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }

  public static let ethernet = Layers(rawValue: 1 << 0)
  /// The outermost VLAN tag, 802.1Q or 802.1ad.
  public static let vlan = Layers(rawValue: 1 << 1)
  /// The second VLAN tag.
  public static let innerVLAN = Layers(rawValue: 1 << 2)
  public static let arp = Layers(rawValue: 1 << 3)
  public static let ipv4 = Layers(rawValue: 1 << 4)
  public static let ipv6 = Layers(rawValue: 1 << 5)
  /// A fragment, the first one included.
  public static let fragment = Layers(rawValue: 1 << 6)
  public static let udp = Layers(rawValue: 1 << 8)
  public static let tcp = Layers(rawValue: 1 << 9)
  public static let icmp = Layers(rawValue: 1 << 10)
  public static let icmpv6 = Layers(rawValue: 1 << 11)

  public static let ip: Layers = [.ipv4, .ipv6]
}

/// The places of a packet where a header may begin; each has an offset in `Headers`.
@frozen
public enum HeaderSlot: Int, Sendable, CaseIterable {
  case link, vlan, innerVLAN, network, transport, payload
}

/// Where the headers of one packet are: filled by `parse`, read by every later stage.
///
/// One cache line. An offset counts bytes from the start of the packet and means something only
/// where `layers` has the header.
@frozen
public struct Headers: BitwiseCopyable, Sendable {
  public var layers: Layers = []
  /// Offsets by `HeaderSlot`; the slots past the last case are room for RoCE and inner headers.
  public var offsets: InlineArray<16, UInt16> = .init(repeating: 0)
  /// Where the network packet ends, counted from the start of the packet: Ethernet padding and
  /// a frame check sequence lie behind it. Never past the captured bytes.
  public var end: UInt16 = 0
  public var link: LinkType = .ethernet
  /// What is wrong with the packet, or `.none`.
  public var malformation: Malformation = .none
  /// The protocol number that the transport header's place holds (IANA).
  public var ipProtocol: UInt8 = 0
  /// How many VLAN tags were passed.
  public var vlanCount: UInt8 = 0
  var reserved: InlineArray<18, UInt8> = .init(repeating: 0)

  @inlinable public init() {}

  @inlinable public subscript(slot: HeaderSlot) -> Int {
    get { Int(offsets[slot.rawValue]) }
    set { offsets[slot.rawValue] = UInt16(truncatingIfNeeded: newValue) }
  }
}
