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
    var count = 0
    while type.isVLAN {
      guard count < VLAN.mostTags else { return note(.vlanTooMany) }
      guard has(VLAN.headerLength, at: offset) else { return note(.vlanHeaderCut) }
      tag(count, at: offset)
      count += 1
      type = EtherType(rawValue: bytes.networkUInt16(at: offset + 2))
      offset += VLAN.headerLength
      payload(at: offset)
    }
    network(type, at: offset)
  }

  private func tag(_ index: Int, at offset: Int) {
    switch index {
    case 0:
      found(.vlan)
      place(.vlan, offset)
    case 1:
      found(.secondVLAN)
      place(.secondVLAN, offset)
    default: break
    }
    if !isInner { headers.pointee.vlanCount += 1 }
  }
}
