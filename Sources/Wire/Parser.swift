// SPDX-License-Identifier: BSD-3-Clause

/// Finds the headers of one packet.
///
/// `captured` bytes can be read from `bytes`; the packet had `wireLength` when it was on the wire,
/// more than `captured` when a snap length cut it or when the rest is in another segment.
/// Nothing that a packet holds makes this trap, read outside the captured bytes or run long.
///
/// - Returns: whether nothing is wrong with the packet, which nobody need look for then.
@discardableResult
@inlinable @inline(__always)
public func parse(
  _ bytes: UnsafeRawPointer, captured: Int, wireLength: Int, link: LinkType,
  by rules: UnsafePointer<ParserRules>, into headers: UnsafeMutablePointer<Headers>
) -> Bool {
  if link == .ethernet {
    let path = StraightPath(
      bytes: bytes, captured: captured, wireLength: wireLength, rules: rules, headers: headers)
    if path.ethernet() { return true }
  }
  parseAny(
    bytes, captured: captured, wireLength: wireLength, link: link, by: rules, into: headers)
  return false
}

/// Every other packet, one header after the other.
@usableFromInline @inline(never)
func parseAny(
  _ bytes: UnsafeRawPointer, captured: Int, wireLength: Int, link: LinkType,
  by rules: UnsafePointer<ParserRules>, into headers: UnsafeMutablePointer<Headers>
) {
  var walk = HeaderWalk(
    bytes, captured: captured, wireLength: wireLength, by: rules, into: headers)
  headers.pointee.link = link
  switch link {
  case .ethernet: walk.ethernet(at: 0)
  case .rawIP: walk.rawIP(at: 0)
  case .linuxCooked: walk.linuxCooked()
  case .linuxCooked2: walk.linuxCooked2()
  case .loopback: walk.loopback()
  case .infiniband: walk.infiniBand()
  }
  headers.pointee.end = UInt16(truncatingIfNeeded: walk.outerEnd ?? walk.readable)
}
