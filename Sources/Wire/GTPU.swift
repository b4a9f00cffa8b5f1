// SPDX-License-Identifier: BSD-3-Clause

/// The user plane of GTP, which carries mobile subscribers' packets over UDP: flags, message type,
/// length of what follows, and tunnel endpoint identifier (3GPP TS 29.281 section 5.1).
public enum GTPU {
  /// Without optional fields and extension headers.
  public static let headerLength = 8
  /// Sequence number, N-PDU number and kind of the first extension header: there together when
  /// one of the flags E, S and PN is set.
  static let optionalLength = 4
  static let hasOptional: UInt8 = 0x07
  static let hasExtension: UInt8 = 0x04
  /// The message that carries a packet.
  static let packet: UInt8 = 255
  /// How many extension headers `parse` passes before it calls the packet malformed.
  public static let mostExtensions = 8
}

extension HeaderWalk {
  /// Version 1 and protocol type 1 only: others are GTP', or of the control plane.
  mutating func gtpu(at offset: Int, end: Int) {
    guard has(GTPU.headerLength, at: offset) else { return note(.gtpuHeaderCut) }
    let flags = bytes.byte(at: offset)
    guard flags >> 4 == 0b0011 else { return }
    let start = offset + GTPU.headerLength
    let promised = start + Int(bytes.networkUInt16(at: offset + 2))
    if promised > end { note(.gtpuLength) }
    enter(
      .gtpu, header: offset, id: bytes.networkUInt32(at: offset + 4), payload: start,
      end: min(promised, end))
    let hasExtension = flags & GTPU.hasExtension != 0
    let hasOptional = flags & GTPU.hasOptional != 0
    guard !hasOptional || optionalFields(at: start, hasExtension: hasExtension) else { return }
    if bytes.byte(at: offset + 1) == GTPU.packet {
      packetByVersion(at: headers.pointee[.payload])
    }
  }

  /// Passes them and the extension headers; false when that cannot be done.
  private func optionalFields(at offset: Int, hasExtension: Bool) -> Bool {
    guard has(GTPU.optionalLength, at: offset) else {
      note(.gtpuHeaderCut)
      return false
    }
    payload(at: offset + GTPU.optionalLength)
    guard hasExtension else { return true }
    let problem = extensions(
      of: bytes.byte(at: offset + 3), at: offset + GTPU.optionalLength)
    if let problem { note(problem) }
    return problem == nil
  }

  /// Each begins with its length in words of 4 bytes and ends with the kind of the next, 0 at the
  /// last (section 5.2.1).
  private func extensions(of first: UInt8, at start: Int) -> Malformation? {
    var kind = first
    var offset = start
    var passed = 0
    while kind != 0 {
      guard passed < GTPU.mostExtensions else { return .gtpuChainTooDeep }
      guard has(1, at: offset) else { return .gtpuExtensionCut }
      let length = Int(bytes.byte(at: offset)) * 4
      guard length > 0 else { return .gtpuExtensionLength }
      guard has(length, at: offset) else { return .gtpuExtensionCut }
      kind = bytes.byte(at: offset + length - 1)
      offset += length
      passed += 1
      payload(at: offset)
    }
    return nil
  }
}
