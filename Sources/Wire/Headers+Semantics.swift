// SPDX-License-Identifier: BSD-3-Clause

/// What of a semantics header depends on its form: each asks for `sesRequest` or `sesResponse`
/// among the layers.
extension Headers {
  private func semantics(_ bytes: UnsafeRawPointer) -> SES.Header? {
    UETPrologue(rawValue: bytes.networkUInt16(at: self[.rdma])).semantics
  }

  private func requestOpcode(_ bytes: UnsafeRawPointer) -> SES.Opcode? {
    SES.Opcode(rawValue: bytes.byte(at: self[.operation]) & 0x3f)
  }

  /// One of the flags that end the second byte.
  private func hasFlag(_ flag: UInt8, _ bytes: UnsafeRawPointer) -> Bool {
    bytes.byte(at: self[.operation] + 1) & flag != 0
  }

  private func isFirst(_ bytes: UnsafeRawPointer) -> Bool { hasFlag(0x01, bytes) }
  private func isLast(_ bytes: UnsafeRawPointer) -> Bool { hasFlag(0x02, bytes) }
  private func hasData(_ bytes: UnsafeRawPointer) -> Bool { hasFlag(0x04, bytes) }

  /// Whether the packet has the part of its header that `part` is read from.
  func hasSemanticsPart(_ part: FieldOrigin, _ bytes: UnsafeRawPointer) -> Bool {
    guard let header = semantics(bytes) else { return false }
    switch part {
    case .sesMessage: return header == .standardRequest
    case .sesAnswer: return header == .response || header == .responseWithData
    case .sesTarget: return header == .standardRequest || header == .mediumRequest
    case .sesKey:
      return hasSemanticsPart(.sesTarget, bytes) && requestOpcode(bytes) != .readyToRestart
    case .sesBuffer: return hasBufferOffset(header, bytes)
    case .sesContinuation: return header == .standardRequest && !isFirst(bytes)
    case .sesData: return header == .responseWithData
    case .sesSmallData: return header == .smallResponseWithData
    default: return false
    }
  }

  /// A medium request has header data or an offset, a deferrable send a token in its place.
  private func hasBufferOffset(_ header: SES.Header, _ bytes: UnsafeRawPointer) -> Bool {
    switch header {
    case .smallRequest: true
    case .mediumRequest: !hasData(bytes)
    case .standardRequest: requestOpcode(bytes)?.isDeferrable != true
    default: false
    }
  }
}

/// The lengths that different forms have in different places.
extension Headers {
  func semanticsNumber(of origin: FieldOrigin, _ bytes: UnsafeRawPointer) -> UInt64? {
    switch origin {
    case .sesRequestLength: requestLength(bytes)
    case .sesPayloadLength: payloadLength(bytes)
    case .sesModifiedLength: modifiedLength(bytes)
    default: nil
    }
  }

  private func short(at offset: Int, _ bytes: UnsafeRawPointer) -> UInt64 {
    UInt64(bytes.networkUInt16(at: self[.operation] + offset) & 0x3fff)
  }

  private func long(at offset: Int, _ bytes: UnsafeRawPointer) -> UInt64 {
    UInt64(bytes.networkUInt32(at: self[.operation] + offset))
  }

  private func requestLength(_ bytes: UnsafeRawPointer) -> UInt64? {
    switch semantics(bytes) {
    case .smallRequest, .mediumRequest: short(at: 2, bytes)
    case .standardRequest: long(at: 40, bytes)
    default: nil
    }
  }

  private func modifiedLength(_ bytes: UnsafeRawPointer) -> UInt64? {
    switch semantics(bytes) {
    case .response: long(at: 8, bytes)
    case .responseWithData: long(at: 12, bytes)
    default: nil
    }
  }

  /// The payload of this packet; the first of several does not say how much it has.
  func payloadLength(_ bytes: UnsafeRawPointer) -> UInt64? {
    switch semantics(bytes) {
    case .standardRequest where !isFirst(bytes): short(at: 34, bytes)
    case .standardRequest where isLast(bytes), .smallRequest, .mediumRequest:
      requestOpcode(bytes)?.sendsRequestLength == true ? requestLength(bytes) : nil
    case .responseWithData: short(at: 10, bytes)
    case .smallResponseWithData: short(at: 2, bytes)
    default: nil
    }
  }
}
