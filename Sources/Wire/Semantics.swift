// SPDX-License-Identifier: BSD-3-Clause

/// The semantics sublayer of Ultra Ethernet: what a request asks for, and what became of it
/// (UE specification 1.0, 3.4).
enum SES {
  /// Its headers, by the number that announces them (table 3-16).
  ///
  /// A small response with data has 12 bytes, with the packet number of the request last: so the
  /// reference provider and XDP2. Wireshark reads but 6 of them.
  enum Header: UInt8, CaseIterable {
    case smallRequest = 1
    case mediumRequest, standardRequest
    case response, responseWithData, smallResponseWithData

    var length: Int {
      switch self {
      case .smallRequest: 20
      case .mediumRequest: 32
      case .standardRequest: 44
      case .response, .smallResponseWithData: 12
      case .responseWithData: 20
      }
    }

    var isRequest: Bool { rawValue <= Header.standardRequest.rawValue }
    /// Whether payload can follow, which a switch may trim.
    var hasPayload: Bool { self != .response }
  }

  /// What a request asks for (table 3-17).
  enum Opcode: UInt8, CaseIterable {
    case noOperation, write, read, atomic, fetchingAtomic
    case send, rendezvousSend, datagramSend, deferrableSend
    case taggedSend, rendezvousTaggedSend, deferrableTaggedSend, readyToRestart
    case taggedAtomic, taggedFetchingAtomic, messageError

    /// Whether the request's length is that of the payload behind its header.
    var sendsRequestLength: Bool {
      switch self {
      case .write, .send, .datagramSend, .taggedSend: true
      default: false
      }
    }

    /// Whether a token stands where others have the offset in the target's buffer.
    var isDeferrable: Bool { self == .deferrableSend || self == .deferrableTaggedSend }
  }
}

extension HeaderWalk {
  /// Extension headers that some opcodes have are left in the payload.
  func semantics(_ header: SES.Header, at offset: Int, end: Int) {
    guard offset + header.length <= end else {
      if !isTrimmedOverIP(header, end: end) { note(.sesHeaderCut) }
      return
    }
    guard has(header.length, at: offset) else { return }
    headers.pointee.layers.insert(header.isRequest ? .sesRequest : .sesResponse)
    headers.pointee[.operation] = offset
    payload(at: offset + header.length)
  }

  /// Directly over IP there is no second length to tell by: then what may have been trimmed, and
  /// has what a switch leaves, is not called malformed.
  private func isTrimmedOverIP(_ header: SES.Header, end: Int) -> Bool {
    header.hasPayload && ipProtocol == IPProtocol.uet.rawValue
      && end - headers.pointee[.rdma] >= UET.leastTrimmed
  }
}
