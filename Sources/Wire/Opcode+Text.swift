// SPDX-License-Identifier: BSD-3-Clause

extension Opcode: CustomStringConvertible {
  /// `RC_WRITE_FIRST`, `CNP`, or the number of what has no name.
  public var description: String {
    if self == .cnp { return "CNP" }
    if let operation { return "\(transport.abbreviation)_\(operation.name)" }
    return "0x" + hexadecimalText(UInt64(rawValue), digits: 2)
  }
}

extension Opcode.Transport {
  /// As the field writes it.
  public var abbreviation: String {
    switch self {
    case .reliableConnection: "RC"
    case .unreliableConnection: "UC"
    case .reliableDatagram: "RD"
    case .unreliableDatagram: "UD"
    case .congestionNotification: "CNP"
    case .extendedReliableConnection: "XRC"
    case .manufacturer6: "MSP6"
    case .manufacturer7: "MSP7"
    }
  }
}

extension Opcode.Operation {
  public var name: String {
    switch self {
    case .sendFirst: "SEND_FIRST"
    case .sendMiddle: "SEND_MIDDLE"
    case .sendLast: "SEND_LAST"
    case .sendLastImmediate: "SEND_LAST_IMM"
    case .sendOnly: "SEND_ONLY"
    case .sendOnlyImmediate: "SEND_ONLY_IMM"
    case .writeFirst: "WRITE_FIRST"
    case .writeMiddle: "WRITE_MIDDLE"
    case .writeLast: "WRITE_LAST"
    case .writeLastImmediate: "WRITE_LAST_IMM"
    case .writeOnly: "WRITE_ONLY"
    case .writeOnlyImmediate: "WRITE_ONLY_IMM"
    case .readRequest: "READ_REQUEST"
    case .readResponseFirst: "READ_RESP_FIRST"
    case .readResponseMiddle: "READ_RESP_MIDDLE"
    case .readResponseLast: "READ_RESP_LAST"
    case .readResponseOnly: "READ_RESP_ONLY"
    case .acknowledge: "ACK"
    case .atomicAcknowledge: "ATOMIC_ACK"
    case .compareSwap: "CMP_SWAP"
    case .fetchAdd: "FETCH_ADD"
    case .resync: "RESYNC"
    case .sendLastInvalidate: "SEND_LAST_INV"
    case .sendOnlyInvalidate: "SEND_ONLY_INV"
    case .flush: "FLUSH"
    case .atomicWrite: "ATOMIC_WRITE"
    }
  }
}
