// SPDX-License-Identifier: BSD-3-Clause

/// What a base transport header says the packet is: a transport, and one of its operations
/// (InfiniBand Architecture Specification, volume 1, 9.2).
@frozen
public struct Opcode: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt8

  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

  public init(_ transport: Transport, _ operation: Operation) {
    rawValue = transport.rawValue << 5 | operation.rawValue
  }

  /// The congestion notification of RoCEv2 (Annex A17). Wireshark 4.0 calls 0x80 so.
  @inlinable public static var cnp: Opcode { Opcode(rawValue: 0x81) }

  /// The upper three bits.
  public enum Transport: UInt8, Sendable, CaseIterable {
    case reliableConnection, unreliableConnection
    /// On NVIDIA's adapters the dynamically connected transport has these numbers.
    case reliableDatagram
    case unreliableDatagram, congestionNotification, extendedReliableConnection
    case manufacturer6, manufacturer7
  }

  /// The lower five bits; they mean the same in each transport that has them.
  public enum Operation: UInt8, Sendable, CaseIterable {
    case sendFirst, sendMiddle, sendLast, sendLastImmediate, sendOnly, sendOnlyImmediate
    case writeFirst, writeMiddle, writeLast, writeLastImmediate, writeOnly, writeOnlyImmediate
    case readRequest
    case readResponseFirst, readResponseMiddle, readResponseLast, readResponseOnly
    case acknowledge, atomicAcknowledge
    case compareSwap, fetchAdd
    case resync
    case sendLastInvalidate, sendOnlyInvalidate
    case flush = 0x1c
    case atomicWrite = 0x1d
  }

  public var transport: Transport {
    Transport(rawValue: rawValue >> 5) ?? .manufacturer7
  }

  /// Nil where the transport has no such operation, or no operations that are known.
  public var operation: Operation? {
    guard let operation = Operation(rawValue: rawValue & 0x1f), transport.has(operation) else {
      return nil
    }
    return operation
  }

  /// Whether the specification, or a manufacturer's own, gives the number a meaning.
  public var isAssigned: Bool {
    self == .cnp || operation != nil || rawValue >= 0xc0
  }
}

extension Opcode.Transport {
  func has(_ operation: Opcode.Operation) -> Bool {
    switch self {
    case .reliableConnection: operation != .resync
    case .unreliableConnection: operation.rawValue <= Opcode.Operation.writeOnlyImmediate.rawValue
    case .reliableDatagram:
      operation.rawValue <= Opcode.Operation.resync.rawValue || operation == .flush
    case .unreliableDatagram: operation == .sendOnly || operation == .sendOnlyImmediate
    case .extendedReliableConnection:
      operation.rawValue <= Opcode.Operation.sendOnlyInvalidate.rawValue && operation != .resync
    case .congestionNotification, .manufacturer6, .manufacturer7: false
    }
  }
}

extension Opcode.Operation {
  /// Whether a responder sends it.
  public var isResponse: Bool {
    rawValue >= Self.readResponseFirst.rawValue && rawValue <= Self.atomicAcknowledge.rawValue
  }

  /// Whether it is the first packet of a message, or the whole message.
  public var startsMessage: Bool {
    switch self {
    case .sendFirst, .writeFirst, .readResponseFirst: true
    default: isWholeMessage
    }
  }

  /// Whether it is the last packet of a message, or the whole message.
  public var endsMessage: Bool {
    switch self {
    case .sendLast, .sendLastImmediate, .sendLastInvalidate, .writeLast, .writeLastImmediate,
      .readResponseLast:
      true
    default: isWholeMessage
    }
  }

  private var isWholeMessage: Bool {
    switch self {
    case .sendOnly, .sendOnlyImmediate, .sendOnlyInvalidate, .writeOnly, .writeOnlyImmediate,
      .readRequest, .readResponseOnly, .acknowledge, .atomicAcknowledge, .compareSwap, .fetchAdd,
      .resync, .flush, .atomicWrite:
      true
    default: false
    }
  }
}
