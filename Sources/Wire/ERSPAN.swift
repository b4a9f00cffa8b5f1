// SPDX-License-Identifier: BSD-3-Clause

/// Packets that a switch mirrors over GRE (draft-foschiano-erspan-03 section 4): version and VLAN,
/// then class of service, encapsulation, truncation and session; in type II 4 bytes more, in
/// type III 8, and again 8 when its last bit says so. Type I has no header at all.
public enum ERSPAN {
  static let subheaderLength = 8
  /// The bits of the second pair of bytes that say that the mirrored packet was cut, and name the
  /// session.
  static let isTruncated: UInt16 = 0x0400
  static let session: UInt16 = 0x03ff

  /// By the version in the header.
  enum Kind: UInt8 {
    case typeII = 1
    case typeIII = 2

    var layer: Layers { self == .typeII ? .erspan2 : .erspan3 }
    var headerLength: Int { self == .typeII ? 8 : 12 }
  }
}

extension HeaderWalk {
  /// `flags` are those of the GRE header. Types I and II have one EtherType; receivers tell them
  /// apart by the sequence number, which type I does not have.
  mutating func erspan(_ type: EtherType, at offset: Int, _ flags: UInt16) {
    if type == .erspan2, flags & GRE.hasSequence == 0 { return ethernet(at: offset) }
    guard has(1, at: offset) else { return note(.erspanHeaderCut) }
    guard let kind = ERSPAN.Kind(rawValue: bytes.byte(at: offset) >> 4) else { return }
    guard has(kind.headerLength, at: offset) else { return note(.erspanHeaderCut) }
    mirrored(kind, at: offset, flags)
    let start = offset + kind.headerLength
    guard kind == .typeIII else { return ethernet(at: start) }
    let frame = bytes.networkUInt16(at: offset + 10)
    let subheaderLength = frame & 1 == 0 ? 0 : ERSPAN.subheaderLength
    guard has(subheaderLength, at: start) else { return note(.erspanHeaderCut) }
    payload(at: start + subheaderLength)
    // The frame type of Ethernet is 0.
    if frame >> 10 & 0x1f == 0 { ethernet(at: start + subheaderLength) }
  }

  /// The header's fields are found behind a GRE header of 8 bytes, since the draft sets no flag but
  /// that of the sequence number. Behind another one the header has no name; it is passed even so.
  private mutating func mirrored(_ kind: ERSPAN.Kind, at offset: Int, _ flags: UInt16) {
    if flags & GRE.words == GRE.hasSequence { headers.pointee.layers.insert(kind.layer) }
    let second = bytes.networkUInt16(at: offset + 2)
    headers.pointee.tunnelID = UInt32(second & ERSPAN.session)
    payload(at: offset + kind.headerLength)
    // The switch cut the packet as a snap length does: how long it was only its own headers know.
    if second & ERSPAN.isTruncated != 0 { wireEnd = .max }
  }
}
