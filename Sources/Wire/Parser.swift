// SPDX-License-Identifier: BSD-3-Clause

/// Finds the headers of one packet.
///
/// `captured` bytes can be read from `bytes`; the packet had `wireLength` when it was on the wire,
/// more than `captured` when a snap length cut it or when the rest is in another segment.
/// Nothing that a packet holds makes this trap, read outside the captured bytes or run long.
@inlinable
public func parse(
  _ bytes: UnsafeRawPointer, captured: Int, wireLength: Int, link: LinkType,
  into headers: UnsafeMutablePointer<Headers>
) {
  if link == .ethernet,
    parsePlainUDP(bytes, captured: captured, wireLength: wireLength, into: headers)
      || parseLogicalLink(bytes, captured: captured, wireLength: wireLength, into: headers)
  {
    return
  }
  parseAny(bytes, captured: captured, wireLength: wireLength, link: link, into: headers)
}

/// The packet that nearly all are: Ethernet without tags, IPv4 without options or fragments, UDP,
/// with sound lengths. Its headers take 42 bytes: 14, 20 and 8.
@inlinable @inline(__always)
func parsePlainUDP(
  _ bytes: UnsafeRawPointer, captured: Int, wireLength: Int,
  into headers: UnsafeMutablePointer<Headers>
) -> Bool {
  // The upper bound makes every offset and `end` fit their 16 bits.
  guard UInt(bitPattern: captured &- 42) <= 65535 - 42 else { return false }
  // EtherType, version and header length; then fragment and protocol, but neither the "do not
  // fragment" and reserved flags nor the time to live. One branch for all.
  let kind = (bytes.networkUInt32(at: 12) & 0xffff_ff00) ^ 0x0800_4500
  let fragmentAndProtocol = (bytes.networkUInt32(at: 20) & 0x3fff_00ff) ^ 0x0000_0011
  guard kind | fragmentAndProtocol == 0 else { return false }

  // Unsigned differences reject what is too small and what is too large in one comparison.
  let total = Int(bytes.networkUInt16(at: 16))
  let datagram = Int(bytes.networkUInt16(at: 38))
  let payload = UInt(bitPattern: total &- 28)
  guard payload <= UInt(bitPattern: wireLength &- 42), UInt(bitPattern: datagram &- 8) <= payload
  else { return false }

  var found = Headers()
  found.layers = Layers(
    rawValue: Layers.ethernet.rawValue | Layers.ipv4.rawValue | Layers.udp.rawValue)
  found[.network] = 14
  found[.transport] = 34
  found[.payload] = 42
  found.ipProtocol = 17
  found.end = UInt16(truncatingIfNeeded: min(captured, total &+ 14))
  headers.pointee = found
  return true
}

/// An 802.3 packet with a sound length, behind whose Ethernet header nothing is looked at; so are
/// the zeros that a null device makes.
@inlinable @inline(__always)
func parseLogicalLink(
  _ bytes: UnsafeRawPointer, captured: Int, wireLength: Int,
  into headers: UnsafeMutablePointer<Headers>
) -> Bool {
  guard UInt(bitPattern: captured &- 14) <= 65535 - 14 else { return false }
  let type = EtherType(rawValue: bytes.networkUInt16(at: 12))
  let end = Int(type.rawValue) &+ 14
  guard type.isLength, end <= wireLength else { return false }
  var found = Headers()
  found.layers = .ethernet
  found[.network] = 14
  found[.payload] = 14
  found.end = UInt16(truncatingIfNeeded: min(captured, end))
  headers.pointee = found
  return true
}

/// Every other packet, one header after the other.
@usableFromInline @inline(never)
func parseAny(
  _ bytes: UnsafeRawPointer, captured: Int, wireLength: Int, link: LinkType,
  into headers: UnsafeMutablePointer<Headers>
) {
  var walk = HeaderWalk(bytes, captured: captured, wireLength: wireLength, into: headers)
  headers.pointee.link = link
  switch link {
  case .ethernet: walk.ethernet()
  case .rawIP: walk.rawIP(at: 0)
  case .linuxCooked: walk.linuxCooked()
  case .linuxCooked2: walk.linuxCooked2()
  case .loopback: walk.loopback()
  case .infiniband: break
  }
  headers.pointee.end = UInt16(truncatingIfNeeded: walk.readable)
}
