// SPDX-License-Identifier: BSD-3-Clause

/// An entry of an MPLS label stack: label, traffic class, bottom of stack, time to live (RFC 3032).
public enum MPLS {
  public static let headerLength = 4
  /// How many labels `parse` passes before it calls the packet malformed.
  public static let mostLabels = 8
}

extension HeaderWalk {
  /// Passes the stack, whose outermost label keeps its place. What lies below it only the routers
  /// that made the labels know; a version of IP in its first bits is believed (RFC 4928).
  mutating func labels(at start: Int) {
    guard has(MPLS.headerLength, at: start) else { return note(.mplsHeaderCut) }
    found(.mpls)
    place(.label, start)
    var offset = start
    var isBottom = false
    while !isBottom {
      guard offset < start + MPLS.mostLabels * MPLS.headerLength else {
        return note(.mplsTooMany)
      }
      guard has(MPLS.headerLength, at: offset) else { return note(.mplsHeaderCut) }
      isBottom = bytes.byte(at: offset + 2) & 1 != 0
      offset += MPLS.headerLength
      payload(at: offset)
    }
    packetByVersion(at: offset)
  }

  /// What nothing announces but its own first bits.
  mutating func packetByVersion(at offset: Int) {
    place(.network, offset)
    guard has(1, at: offset) else { return }
    switch bytes.byte(at: offset) >> 4 {
    case 4: ipv4(at: offset)
    case 6: ipv6(at: offset)
    default: break
    }
  }
}
