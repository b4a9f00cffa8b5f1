// SPDX-License-Identifier: BSD-3-Clause

/// Generic routing encapsulation: flags and version, protocol, then up to three words that the
/// flags announce: checksum, key and sequence number (RFC 2784 section 2, RFC 2890 section 2).
public enum GRE {
  /// Without the words that flags announce; with them up to 16.
  public static let headerLength = 4
  static let hasChecksum: UInt16 = 0x8000
  static let hasKey: UInt16 = 0x2000
  static let hasSequence: UInt16 = 0x1000
  static let words = hasChecksum | hasKey | hasSequence
  /// Source routes (RFC 1701), which receivers drop, and any version but 0; 1 is that of PPTP.
  static let unknown: UInt16 = 0x4007
}

extension HeaderWalk {
  mutating func gre(at offset: Int, end: Int) {
    guard has(GRE.headerLength, at: offset) else { return note(.greHeaderCut) }
    let flags = bytes.networkUInt16(at: offset)
    guard flags & GRE.unknown == 0 else { return }
    let length = GRE.headerLength + 4 * (flags & GRE.words).nonzeroBitCount
    guard has(length, at: offset) else { return note(.greHeaderCut) }
    let type = EtherType(rawValue: bytes.networkUInt16(at: offset + 2))
    let start = offset + length
    let isVirtual = isVirtualNetwork(flags, type)
    let key = key(flags, at: offset)
    enter(
      isVirtual ? [.gre, .nvgre] : .gre, header: offset, id: isVirtual ? key >> 8 : key,
      payload: start, end: end)
    switch type {
    case .erspan2, .erspan3: erspan(type, at: start, flags)
    default: tunnelled(type, at: start)
    }
  }

  /// NVGRE has a key, and neither of the other two words (RFC 7637 section 3.2): the key's upper 24
  /// bits are the number of a virtual subnet.
  private func isVirtualNetwork(_ flags: UInt16, _ type: EtherType) -> Bool {
    flags & GRE.words == GRE.hasKey && type == .bridging
  }

  /// 0 where there is none.
  private func key(_ flags: UInt16, at offset: Int) -> UInt32 {
    guard flags & GRE.hasKey != 0 else { return 0 }
    let hasChecksum = flags & GRE.hasChecksum != 0
    return bytes.networkUInt32(at: offset + GRE.headerLength + (hasChecksum ? 4 : 0))
  }
}
