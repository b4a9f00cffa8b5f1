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
  /// The outermost entry of an MPLS label stack.
  @inlinable public static var mpls: Layers { Layers(rawValue: 1 << 12) }
  /// A PAUSE frame of MAC control, for all traffic.
  @inlinable public static var pause: Layers { Layers(rawValue: 1 << 13) }
  /// A PFC frame of MAC control, for each priority.
  @inlinable public static var pfc: Layers { Layers(rawValue: 1 << 14) }
  @inlinable public static var lldp: Layers { Layers(rawValue: 1 << 15) }
  @inlinable public static var ptp: Layers { Layers(rawValue: 1 << 16) }

  @inlinable public static var ip: Layers {
    Layers(rawValue: ipv4.rawValue | ipv6.rawValue)
  }
}

/// RDMA over Ethernet and over InfiniBand.
extension Layers {
  /// The local route header of native InfiniBand.
  @inlinable public static var lrh: Layers { Layers(rawValue: 1 << 17) }
  /// The global route header of RoCEv1 and of native InfiniBand.
  @inlinable public static var grh: Layers { Layers(rawValue: 1 << 18) }
  /// The base transport header, which every RoCE packet has.
  @inlinable public static var bth: Layers { Layers(rawValue: 1 << 19) }
  @inlinable public static var rdeth: Layers { Layers(rawValue: 1 << 20) }
  @inlinable public static var deth: Layers { Layers(rawValue: 1 << 21) }
  @inlinable public static var xrceth: Layers { Layers(rawValue: 1 << 22) }
  @inlinable public static var feth: Layers { Layers(rawValue: 1 << 23) }
  @inlinable public static var reth: Layers { Layers(rawValue: 1 << 24) }
  @inlinable public static var atomicETH: Layers { Layers(rawValue: 1 << 25) }
  @inlinable public static var aeth: Layers { Layers(rawValue: 1 << 26) }
  @inlinable public static var atomicAckETH: Layers { Layers(rawValue: 1 << 27) }
  @inlinable public static var immDt: Layers { Layers(rawValue: 1 << 28) }
  @inlinable public static var ieth: Layers { Layers(rawValue: 1 << 29) }
  /// An AETH whose syndrome acknowledges.
  @inlinable public static var ack: Layers { Layers(rawValue: 1 << 62) }
  /// An AETH whose syndrome is a negative acknowledgement.
  @inlinable public static var nak: Layers { Layers(rawValue: 1 << 30) }
  /// An AETH whose syndrome is "receiver not ready".
  @inlinable public static var rnrNAK: Layers { Layers(rawValue: 1 << 31) }
  /// A message of the communication manager on QP 1.
  @inlinable public static var cm: Layers { Layers(rawValue: 1 << 32) }
  @inlinable public static var cmRequest: Layers { Layers(rawValue: 1 << 33) }
  @inlinable public static var cmReply: Layers { Layers(rawValue: 1 << 34) }
  @inlinable public static var cmReject: Layers { Layers(rawValue: 1 << 35) }
  @inlinable public static var cmDisconnect: Layers { Layers(rawValue: 1 << 36) }
  /// iWARP: a framed DDP segment that names memory, or one that names a queue.
  @inlinable public static var ddpTagged: Layers { Layers(rawValue: 1 << 37) }
  @inlinable public static var ddpUntagged: Layers { Layers(rawValue: 1 << 38) }
  @inlinable public static var ddp: Layers {
    Layers(rawValue: ddpTagged.rawValue | ddpUntagged.rawValue)
  }
  /// iWARP: the request or reply that starts a connection.
  @inlinable public static var mpaStart: Layers { Layers(rawValue: 1 << 39) }
}

/// Ultra Ethernet.
extension Layers {
  /// A packet of a packet delivery context (PDC): reliable request, ACK, NACK or control.
  @inlinable public static var uetContext: Layers { Layers(rawValue: 1 << 40) }
  /// An idempotent request or response, which has no context.
  @inlinable public static var uetIdempotent: Layers { Layers(rawValue: 1 << 41) }
  /// An unreliable or encrypted packet, or one of a type without a name.
  @inlinable public static var uetOther: Layers { Layers(rawValue: 1 << 42) }
  @inlinable public static var uet: Layers {
    Layers(rawValue: uetContext.rawValue | uetIdempotent.rawValue | uetOther.rawValue)
  }
  /// A NACK, which is a packet of a context too.
  @inlinable public static var uetNACK: Layers { Layers(rawValue: 1 << 43) }
  /// Semantics: a request's, and a response's.
  @inlinable public static var sesRequest: Layers { Layers(rawValue: 1 << 44) }
  @inlinable public static var sesResponse: Layers { Layers(rawValue: 1 << 45) }
}

/// Tunnels, and the packet within the innermost of them.
extension Layers {
  /// VXLAN, and VXLAN-GPE too.
  @inlinable public static var vxlan: Layers { Layers(rawValue: 1 << 46) }
  @inlinable public static var geneve: Layers { Layers(rawValue: 1 << 47) }
  @inlinable public static var gre: Layers { Layers(rawValue: 1 << 48) }
  /// GRE whose key holds a virtual subnet.
  @inlinable public static var nvgre: Layers { Layers(rawValue: 1 << 49) }
  @inlinable public static var erspan2: Layers { Layers(rawValue: 1 << 50) }
  @inlinable public static var erspan3: Layers { Layers(rawValue: 1 << 51) }
  @inlinable public static var gtpu: Layers { Layers(rawValue: 1 << 52) }
  @inlinable public static var tunnels: Layers {
    Layers(rawValue: (1 << 53) - (1 << 46))
  }

  @inlinable public static var innerEthernet: Layers { Layers(rawValue: 1 << 53) }
  @inlinable public static var innerVLAN: Layers { Layers(rawValue: 1 << 54) }
  @inlinable public static var innerIPv4: Layers { Layers(rawValue: 1 << 55) }
  @inlinable public static var innerIPv6: Layers { Layers(rawValue: 1 << 56) }
  @inlinable public static var innerFragment: Layers { Layers(rawValue: 1 << 57) }
  @inlinable public static var innerUDP: Layers { Layers(rawValue: 1 << 58) }
  @inlinable public static var innerTCP: Layers { Layers(rawValue: 1 << 59) }
  @inlinable public static var innerICMP: Layers { Layers(rawValue: 1 << 60) }
  @inlinable public static var innerICMPv6: Layers { Layers(rawValue: 1 << 61) }
  @inlinable public static var inner: Layers {
    Layers(rawValue: (1 << 62) - (1 << 53))
  }

  @inlinable public static var innerIP: Layers {
    Layers(rawValue: innerIPv4.rawValue | innerIPv6.rawValue)
  }
}

/// What is no header but a mark.
extension Layers {
  /// The mark that `sample` leaves on a packet.
  @inlinable public static var sampled: Layers { Layers(rawValue: 1 << 63) }
  /// What stages mark packets with, and a new parse must not forget.
  @inlinable public static var marks: Layers { sampled }
}
