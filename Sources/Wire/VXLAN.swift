// SPDX-License-Identifier: BSD-3-Clause

/// Ethernet over UDP: flags, and the number of a virtual network (RFC 7348 section 5). The generic
/// protocol extension, GPE, says in the fourth byte what it carries
/// (draft-ietf-nvo3-vxlan-gpe-13 section 3).
public enum VXLAN {
  public static let headerLength = 8
  /// I: the number is valid.
  static let hasNetwork: UInt8 = 0x08
  /// P: the next protocol is valid. Without it Ethernet comes next (section 3.2).
  static let hasNextProtocol: UInt8 = 0x04
  static let version: UInt8 = 0x30

  enum NextProtocol: UInt8 {
    case ipv4 = 1
    case ipv6 = 2
    case ethernet = 3
  }
}

extension HeaderWalk {
  /// Receivers drop what has no I flag, and of the extension other versions than 0; plain VXLAN has
  /// no version, and its reserved flags are ignored. What receivers drop is not looked at.
  mutating func vxlan(at offset: Int, end: Int, isGeneric: Bool) {
    guard has(VXLAN.headerLength, at: offset) else { return note(.vxlanHeaderCut) }
    let flags = bytes.byte(at: offset)
    guard flags & VXLAN.hasNetwork != 0 else { return }
    if isGeneric, flags & VXLAN.version != 0 { return }
    let start = offset + VXLAN.headerLength
    enter(
      .vxlan, header: offset, id: bytes.networkUInt32(at: offset + 4) >> 8, payload: start,
      end: end)
    // Some senders name the protocol and forget the flag: only neither of them means Ethernet.
    let next = bytes.byte(at: offset + 3)
    guard isGeneric, next | flags & VXLAN.hasNextProtocol != 0 else { return ethernet(at: start) }
    switch VXLAN.NextProtocol(rawValue: next) {
    case .ipv4: network(.ipv4, at: start)
    case .ipv6: network(.ipv6, at: start)
    case .ethernet: ethernet(at: start)
    case nil: break
    }
  }
}
