// SPDX-License-Identifier: BSD-3-Clause

/// Which extension headers follow a base transport header, by its opcode.
///
/// The places are in bytes from the base transport header; that of a header that the opcode does
/// not have is 0.
@frozen
@usableFromInline
struct OpcodeLayout: BitwiseCopyable, Sendable {
  @usableFromInline var layers: Layers = []
  /// Of the slots `reliableDatagram`, `queue`, `operation` and `operand`.
  @usableFromInline var places = SIMD4<UInt16>()
  /// Base transport header and extension headers together.
  @usableFromInline var headerLength: UInt16 = UInt16(BTH.headerLength)
  @usableFromInline var isAssigned = false

  /// The specification's reading of an opcode.
  init(_ opcode: Opcode) {
    isAssigned = opcode.isAssigned
    layers = .bth
    if opcode == .cnp { headerLength += UInt16(BTH.notificationPadding) }
    guard let operation = opcode.operation else { return }
    if opcode.transport == .reliableDatagram { append(.rdeth, 0, 4) }
    if !operation.isResponse { appendQueue(opcode.transport) }
    append(operation)
  }

  /// The dynamically connected transport: 8 bytes of its own, then what the reliable connection
  /// has; its 0x55 asks for a connection and carries 16 bytes more (as Wireshark reads them).
  init(dynamicallyConnected opcode: Opcode) {
    isAssigned = opcode.isAssigned
    layers = .bth
    headerLength += 8
    if opcode.operation == .resync { headerLength += 16 }
    if let operation = opcode.operation { append(operation) }
  }

  private mutating func append(_ layer: Layers, _ place: Int, _ length: UInt16) {
    layers.insert(layer)
    places[place] = headerLength
    headerLength += length
  }

  private mutating func appendQueue(_ transport: Opcode.Transport) {
    switch transport {
    case .reliableDatagram, .unreliableDatagram: append(.deth, 1, 8)
    case .extendedReliableConnection: append(.xrceth, 1, 4)
    default: break
    }
  }

  private mutating func append(_ operation: Opcode.Operation) {
    switch operation {
    case .writeFirst, .writeOnly, .readRequest, .atomicWrite: append(.reth, 2, 16)
    case .writeOnlyImmediate:
      append(.reth, 2, 16)
      append(.immDt, 3, 4)
    case .sendLastImmediate, .sendOnlyImmediate, .writeLastImmediate: append(.immDt, 3, 4)
    case .sendLastInvalidate, .sendOnlyInvalidate: append(.ieth, 3, 4)
    case .readResponseFirst, .readResponseLast, .readResponseOnly, .acknowledge:
      append(.aeth, 2, 4)
    case .atomicAcknowledge:
      append(.aeth, 2, 4)
      append(.atomicAckETH, 3, 8)
    case .compareSwap, .fetchAdd: append(.atomicETH, 2, 28)
    case .flush:
      append(.feth, 3, 4)
      append(.reth, 2, 16)
    case .sendFirst, .sendMiddle, .sendLast, .sendOnly, .writeMiddle, .writeLast,
      .readResponseMiddle, .resync:
      break
    }
  }
}
