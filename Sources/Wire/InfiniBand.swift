// SPDX-License-Identifier: BSD-3-Clause

/// The local route header of native InfiniBand (InfiniBand Architecture Specification, volume 1,
/// 7.7): lane, version, service level, what follows, and two local identifiers.
public enum LRH {
  public static let headerLength = 8
  /// The variant CRC that a data packet ends with, behind the invariant one.
  static let variantCheckLength = 2
}

extension HeaderWalk {
  /// A data packet of a native link, from its local route header on.
  mutating func infiniBand() {
    guard has(LRH.headerLength, at: 0) else { return note(.lrhHeaderCut) }
    let first = bytes.networkUInt16(at: 0)
    guard first >> 8 & 0x0f == 0 else { return note(.lrhVersion) }
    headers.pointee.layers.insert(.lrh)
    payload(at: LRH.headerLength)
    // Words of 4 bytes, from the local route header through the invariant CRC.
    let end = Int(bytes.networkUInt16(at: 4) & 0x7ff) * 4
    guard end >= LRH.headerLength else { return note(.lrhLength) }
    if end > wireEnd { note(.lrhLength) }
    limit(to: end)
    switch first & 3 {
    case 2: baseTransport(at: LRH.headerLength, end: end)
    case 3:
      if let end = globalRoute(at: LRH.headerLength) {
        baseTransport(at: LRH.headerLength + GRH.headerLength, end: end)
      }
    // Raw packets carry an EtherType or IPv6 without a transport of InfiniBand's.
    default: break
    }
  }
}
