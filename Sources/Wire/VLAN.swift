// SPDX-License-Identifier: BSD-3-Clause

/// A VLAN tag: priority and identifier, then the type of what follows (IEEE 802.1Q, 9.6).
public enum VLAN {
  public static let headerLength = 4
  /// How many tags `parse` passes before it calls the packet malformed.
  public static let mostTags = 4
}

extension HeaderWalk {
  /// Passes the tags, of which the outer two keep their place, and goes on behind them.
  mutating func tagged(_ first: EtherType, at start: Int) {
    var type = first
    var offset = start
    while type.isVLAN {
      guard headers.pointee.vlanCount < VLAN.mostTags else { return note(.vlanTooMany) }
      guard has(VLAN.headerLength, at: offset) else { return note(.vlanHeaderCut) }
      tag(at: offset)
      type = EtherType(rawValue: bytes.networkUInt16(at: offset + 2))
      offset += VLAN.headerLength
      headers.pointee[.payload] = offset
    }
    network(type, at: offset)
  }

  private func tag(at offset: Int) {
    if headers.pointee.vlanCount == 0 {
      headers.pointee.layers.insert(.vlan)
      headers.pointee[.vlan] = offset
    } else if headers.pointee.vlanCount == 1 {
      headers.pointee.layers.insert(.secondVLAN)
      headers.pointee[.secondVLAN] = offset
    }
    headers.pointee.vlanCount += 1
  }
}
