// SPDX-License-Identifier: BSD-3-Clause

/// Messages of the communication manager, by which queue pairs are connected (InfiniBand
/// Architecture Specification, volume 1, 12.6; the management datagram that holds them, 13.4.2).
enum CM {
  /// A management datagram has 256 bytes, the first 24 of which are its header.
  static let datagramLength = 256
  /// Base version 1, class 7 (communication management), class version 2, method 3 (send).
  static let signature: UInt32 = 0x0107_0203

  /// What a datagram's attribute says that the message is.
  enum Attribute: UInt16, CaseIterable {
    case request = 0x10
    case receiptAcknowledgement = 0x11
    case reject = 0x12
    case reply = 0x13
    case readyToUse = 0x14
    case disconnectRequest = 0x15
    case disconnectReply = 0x16
    case loadAlternatePath = 0x19
    case alternatePathResponse = 0x1a

    /// The bytes at the message's end that are its users' own.
    var privateDataLength: Int {
      switch self {
      case .request: 92
      case .receiptAcknowledgement: 222
      case .reject: 148
      case .reply: 196
      case .readyToUse: 224
      case .disconnectRequest: 220
      case .disconnectReply: 224
      case .loadAlternatePath: 168
      case .alternatePathResponse: 148
      }
    }
  }
}

extension HeaderWalk {
  /// What QP 1 was sent: a management datagram, perhaps a message of the communication manager.
  /// `end` is where it ends on the wire.
  func managementDatagram(at offset: Int, end: Int) {
    guard has(4, at: offset), bytes.networkUInt32(at: offset) == CM.signature else { return }
    guard offset + CM.datagramLength <= end else { return note(.cmMessageCut) }
    guard has(CM.datagramLength, at: offset) else { return }
    headers.pointee.layers.insert(.cm)
    headers.pointee[.operation] = offset
    payload(at: offset + CM.datagramLength)
    switch CM.Attribute(rawValue: bytes.networkUInt16(at: offset + 16)) {
    case .request: headers.pointee.layers.insert(.cmRequest)
    case .reply: headers.pointee.layers.insert(.cmReply)
    case .reject: headers.pointee.layers.insert(.cmReject)
    case .disconnectRequest: headers.pointee.layers.insert(.cmDisconnect)
    default: break
    }
  }
}
