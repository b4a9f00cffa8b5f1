// SPDX-License-Identifier: BSD-3-Clause

/// The global route header of RoCEv1 and InfiniBand, which has the form of an IPv6 header
/// (InfiniBand Architecture Specification, volume 1, 8.3).
public enum GRH {
  @inlinable public static var headerLength: Int { 40 }
  /// The next header that announces a base transport header.
  static let baseTransport: UInt8 = 0x1b
}

extension HeaderWalk {
  /// RoCEv1 (Annex A16): no IP, a global route header behind an EtherType of its own.
  mutating func roceV1(at offset: Int) {
    guard let end = globalRoute(at: offset) else { return }
    limit(to: end)
    baseTransport(at: offset + GRH.headerLength, end: end)
  }

  /// The end of what the header announces, when that is a base transport header.
  mutating func globalRoute(at offset: Int) -> Int? {
    guard has(GRH.headerLength, at: offset) else {
      note(.grhHeaderCut)
      return nil
    }
    guard bytes.byte(at: offset) >> 4 == 6 else {
      note(.grhVersion)
      return nil
    }
    headers.pointee.layers.insert(.grh)
    headers.pointee[.route] = offset
    payload(at: offset + GRH.headerLength)
    let end = offset + GRH.headerLength + Int(bytes.networkUInt16(at: offset + 4))
    if end > wireEnd { note(.grhPacketCut) }
    return bytes.byte(at: offset + 6) == GRH.baseTransport ? end : nil
  }
}
