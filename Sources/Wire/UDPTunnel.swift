// SPDX-License-Identifier: BSD-3-Clause

/// A packet's outermost tunnel, where that is VXLAN or Geneve: what its end has to know of it.
///
/// The record of a packet's headers describes the innermost tunnel, and as many as the parser was
/// told to enter; this one is read whatever lies within.
@frozen
public struct UDPTunnel: BitwiseCopyable, Sendable {
  @frozen
  public enum Kind: UInt8, Sendable, BitwiseCopyable {
    case vxlan, geneve
  }

  public let kind: Kind
  /// The number of the virtual network.
  public let id: UInt32
  /// Where what it carries begins, and where that ends on the wire.
  public let start: Int
  public let end: Int
  public private(set) var carriesEthernet = true
  /// What it carries is for the tunnel's end itself (RFC 8926 section 3.4).
  public private(set) var isControl = false
  /// Some option must be understood (RFC 8926 section 3.4).
  public private(set) var hasCriticalOptions = false

  /// Nil where there is no such tunnel, or not all of its header: in fragments, and in datagrams
  /// that are none by their flags or version.
  public init?(
    outermostIn bytes: UnsafeRawPointer, _ headers: UnsafePointer<Headers>,
    by rules: UnsafePointer<ParserRules>
  ) {
    let layers = headers.pointee.layers
    guard layers.contains(.udp), !layers.contains(.fragment) else { return nil }
    let datagram = headers.pointee[.transport]
    let header = datagram &+ UDP.headerLength
    let readable = Int(headers.pointee.end)
    guard header &+ 8 <= readable else { return nil }
    let payload = rules.pointee.payload(ofPort: bytes.networkUInt16(at: datagram &+ 2))
    let first = bytes.byte(at: header)
    switch payload {
    case .vxlan, .vxlanGPE:
      guard first & VXLAN.hasNetwork != 0 else { return nil }
      kind = .vxlan
      start = header &+ VXLAN.headerLength
    case .geneve:
      guard first >> 6 == 0 else { return nil }
      kind = .geneve
      start = header &+ Geneve.headerLength &+ Int(first & 0x3f) &* 4
    default: return nil
    }
    id = bytes.networkUInt32(at: header &+ 4) >> 8
    end = datagram &+ Int(bytes.networkUInt16(at: datagram &+ 4))
    guard start <= readable, start <= end else { return nil }
    readRest(bytes + header, isGeneric: payload == .vxlanGPE)
  }

  private mutating func readRest(_ header: UnsafeRawPointer, isGeneric: Bool) {
    guard kind == .geneve else {
      guard isGeneric else { return }
      let flags = header.byte(at: 0)
      let next = header.byte(at: 3)
      // As the parser reads it: neither flag nor protocol means Ethernet.
      let isNamed = next | flags & VXLAN.hasNextProtocol != 0
      carriesEthernet =
        flags & VXLAN.version == 0
        && (!isNamed || next == VXLAN.NextProtocol.ethernet.rawValue)
      return
    }
    let flags = header.byte(at: 1)
    isControl = flags & Geneve.isControl != 0
    hasCriticalOptions = flags & Geneve.hasCriticalOptions != 0
    carriesEthernet = header.networkUInt16(at: 2) == EtherType.bridging.rawValue
  }
}
