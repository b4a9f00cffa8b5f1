// SPDX-License-Identifier: BSD-3-Clause

/// Generic network virtualization encapsulation: version and length of the options, flags,
/// protocol, number of a virtual network (RFC 8926 section 3.4).
public enum Geneve {
  /// Without options; with them up to 260.
  public static let headerLength = 8
  /// O: what it carries is a message for the tunnel's end, not a packet to be passed on.
  static let isControl: UInt8 = 0x80
  /// C: some option must be understood, or the packet be dropped.
  static let hasCriticalOptions: UInt8 = 0x40
}

extension HeaderWalk {
  /// To whom does not know its version, a packet is a datagram with unknown payload (section 3.4).
  /// The options are passed as a whole.
  mutating func geneve(at offset: Int, end: Int) {
    guard has(Geneve.headerLength, at: offset) else { return note(.geneveHeaderCut) }
    let first = bytes.byte(at: offset)
    guard first >> 6 == 0 else { return }
    let options = offset + Geneve.headerLength
    enter(
      .geneve, header: offset, id: bytes.networkUInt32(at: offset + 4) >> 8, payload: options,
      end: end)
    let length = Int(first & 0x3f) * 4
    guard has(length, at: options) else { return note(.geneveOptionsCut) }
    payload(at: options + length)
    tunnelled(
      EtherType(rawValue: bytes.networkUInt16(at: offset + 2)), at: options + length)
  }
}
