// SPDX-License-Identifier: BSD-3-Clause

/// What an IP header is followed by: IPv4's protocol and IPv6's next header (IANA).
@frozen
public struct IPProtocol: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt8

  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

  @inlinable public static var icmp: IPProtocol { IPProtocol(rawValue: 1) }
  @inlinable public static var tcp: IPProtocol { IPProtocol(rawValue: 6) }
  @inlinable public static var udp: IPProtocol { IPProtocol(rawValue: 17) }
  @inlinable public static var icmpv6: IPProtocol { IPProtocol(rawValue: 58) }

  @inlinable public static var ipv4: IPProtocol { IPProtocol(rawValue: 4) }
  @inlinable public static var ipv6: IPProtocol { IPProtocol(rawValue: 41) }
  @inlinable public static var gre: IPProtocol { IPProtocol(rawValue: 47) }
  /// One of the numbers for experiments, which Ultra Ethernet's reference implementation uses.
  @inlinable public static var uet: IPProtocol { IPProtocol(rawValue: 253) }

  // Extension headers of IPv6 (RFC 8200 section 4, RFC 4302).
  @inlinable public static var hopByHop: IPProtocol { IPProtocol(rawValue: 0) }
  @inlinable public static var routing: IPProtocol { IPProtocol(rawValue: 43) }
  @inlinable public static var fragment: IPProtocol { IPProtocol(rawValue: 44) }
  @inlinable public static var authentication: IPProtocol { IPProtocol(rawValue: 51) }
  @inlinable public static var destinationOptions: IPProtocol { IPProtocol(rawValue: 60) }
}
