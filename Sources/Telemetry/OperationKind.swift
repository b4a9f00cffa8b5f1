// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// What telemetry takes an opcode for.
struct OperationKind: OptionSet, BitwiseCopyable {
  var rawValue: UInt16

  /// A request whose sequence number follows that of the one before.
  static var request: OperationKind { .init(rawValue: 1 << 0) }
  /// The first packet of a message, and the last.
  static var starts: OperationKind { .init(rawValue: 1 << 1) }
  static var ends: OperationKind { .init(rawValue: 1 << 2) }
  static var write: OperationKind { .init(rawValue: 1 << 3) }
  static var read: OperationKind { .init(rawValue: 1 << 4) }
  static var atomic: OperationKind { .init(rawValue: 1 << 5) }
  /// What answers a read or an atomic operation.
  static var response: OperationKind { .init(rawValue: 1 << 6) }
  static var acknowledgement: OperationKind { .init(rawValue: 1 << 7) }
  static var notification: OperationKind { .init(rawValue: 1 << 8) }
  /// A datagram: the sequence numbers of several senders are mixed.
  static var datagram: OperationKind { .init(rawValue: 1 << 9) }
  /// Not answered: what is lost stays lost.
  static var unreliable: OperationKind { .init(rawValue: 1 << 10) }

  // What is found of single packets. Their ECN field, where they have one:
  static var capable: OperationKind { .init(rawValue: 1 << 11) }
  static var notCapable: OperationKind { .init(rawValue: 1 << 12) }
  static var marked: OperationKind { .init(rawValue: 1 << 13) }

  init(rawValue: UInt16) { self.rawValue = rawValue }

  /// 1 where the packet is Not-ECT, else 0.
  @inline(__always)
  var isNotCapable: UInt32 { contains(.notCapable) ? 1 : 0 }

  init(_ opcode: Opcode) {
    self = opcode == .cnp ? .notification : []
    guard opcode != .cnp, let operation = opcode.operation else { return }
    insert(Self.role(of: operation))
    switch opcode.transport {
    case .unreliableDatagram:
      remove(.request)
      insert(.datagram)
    case .unreliableConnection: insert(.unreliable)
    default: break
    }
  }

  private static func role(of operation: Opcode.Operation) -> OperationKind {
    switch operation {
    case .sendFirst: [.request, .starts]
    case .sendMiddle: .request
    case .sendLast, .sendLastImmediate, .sendLastInvalidate: [.request, .ends]
    case .sendOnly, .sendOnlyImmediate, .sendOnlyInvalidate: [.request, .starts, .ends]
    case .writeFirst: [.request, .starts, .write]
    case .writeMiddle: [.request, .write]
    case .writeLast, .writeLastImmediate: [.request, .ends, .write]
    case .writeOnly, .writeOnlyImmediate, .flush, .atomicWrite:
      [.request, .starts, .ends, .write]
    case .readRequest: [.request, .starts, .ends, .read]
    case .compareSwap, .fetchAdd: [.request, .starts, .ends, .atomic]
    case .readResponseFirst: [.response, .starts]
    case .readResponseMiddle: .response
    case .readResponseLast: [.response, .ends]
    case .readResponseOnly: [.response, .starts, .ends]
    case .acknowledge: .acknowledgement
    case .atomicAcknowledge: [.response, .atomic, .starts, .ends]
    case .resync: []
    }
  }
}
