// SPDX-License-Identifier: BSD-3-Clause

/// The places of a packet where a header may begin; each has an offset in `Headers`.
@frozen
public enum HeaderSlot: Int, Sendable, CaseIterable {
  case link, vlan, secondVLAN
  /// The outermost MPLS label.
  case label
  /// What follows the link header, its tags and labels, whether IP or not.
  case network
  /// What follows the IP headers; in a later fragment, its part of the payload.
  case transport
  /// The first byte that no header read so far covers.
  case payload
  /// The global route header.
  case route
  /// The base transport header of RoCE and InfiniBand, or what iWARP and UET have in its stead.
  case rdma
  /// RDETH, which comes before all other extension headers.
  case reliableDatagram
  /// DETH or XRCETH: what says which queue is meant.
  case queue
  /// RETH, AtomicETH or AETH: the operation's request or response. Of a packet of the
  /// communication manager, its message; of Ultra Ethernet, the semantics header.
  case operation
  /// ImmDt, IETH, AtomicAckETH or FETH: what an operation is told beside its memory.
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
  /// Offsets by `HeaderSlot`. Written out, since `repeating:` becomes a loop in a function of its
  /// own, which costs each packet 30 cycles.
  public var offsets: InlineArray<18, UInt16> = [
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  ]
  /// Where the network packet ends, counted from the start of the packet: Ethernet padding and
  /// a frame check sequence lie behind it. Never past the captured bytes, and at most 65535.
  public var end: UInt16 = 0
  /// Where the RDMA packet ends on the wire, its ICRC included: perhaps past the captured bytes.
  /// 0 of a fragment, and where the packet has none.
  public var rdmaEnd: UInt16 = 0
  /// The network, tenant, session or endpoint that the tunnel's header names.
  public var tunnelID: UInt32 = 0
  public var link: LinkType = .ethernet
  /// The first thing that is wrong with the packet, or `.none`.
  public var malformation: Malformation = .none
  /// The protocol number that the transport header's place holds (IANA).
  public var ipProtocol: UInt8 = 0
  /// The same of the inner packet.
  public var innerProtocol: UInt8 = 0
  /// How many VLAN tags were passed.
  public var vlanCount: UInt8 = 0
  /// How many tunnels were entered.
  public var tunnelCount: UInt8 = 0
  /// What a stage found of the invariant CRC.
  public var icrc: ICRCVerdict = .unchecked
  /// The packet's priority among eight, as 802.1Q counts them: what PFC pauses.
  public var priority: UInt8 = 0
  /// What a rule called the packet.
  public var trafficClass: TrafficClass = .none
  /// What a meter found.
  public var color: PacketColor = .none
  @usableFromInline var reserved: UInt8 = 0

  @inlinable public init() {}

  /// Takes over what stages marked the packet with, which is not found in its bytes.
  @inlinable public mutating func keepMarks(of old: Headers) {
    layers.formUnion(old.layers.intersection(.marks))
    icrc = old.icrc
    priority = old.priority
    trafficClass = old.trafficClass
    color = old.color
  }

  @inlinable public subscript(slot: HeaderSlot) -> Int {
    get { Int(offsets[slot.rawValue]) }
    set { offsets[slot.rawValue] = UInt16(truncatingIfNeeded: newValue) }
  }
}
