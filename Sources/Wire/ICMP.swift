// SPDX-License-Identifier: BSD-3-Clause

/// The header that all control messages have: type, code, checksum and 4 bytes by type
/// (RFC 792, RFC 4443).
public enum ICMP {
  public static let headerLength = 8
}

extension HeaderWalk {
  func icmp(at offset: Int) {
    guard has(ICMP.headerLength, at: offset) else { return note(.icmpHeaderCut) }
    found(.icmp)
    payload(at: offset + ICMP.headerLength)
  }

  func icmpv6(at offset: Int) {
    guard has(ICMP.headerLength, at: offset) else { return note(.icmpv6HeaderCut) }
    found(.icmpv6)
    payload(at: offset + ICMP.headerLength)
  }
}
