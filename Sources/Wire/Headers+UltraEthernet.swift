// SPDX-License-Identifier: BSD-3-Clause

/// What of an Ultra Ethernet packet depends on its type: each asks for `uet` among the layers.
extension Headers {
  /// The prologue is captured in every packet that has the layer.
  private func prologue(_ bytes: UnsafeRawPointer) -> UETPrologue {
    UETPrologue(rawValue: bytes.networkUInt16(at: self[.rdma]))
  }

  /// Whether the packet has the part of its header that `part` is read from.
  func hasPacketPart(_ part: FieldOrigin, _ bytes: UnsafeRawPointer) -> Bool {
    let prologue = prologue(bytes)
    guard let kind = prologue.kind, kind != .security else { return false }
    switch part {
    case .uetFlags: return true
    case .uetNextHeader: return kind != .control
    case .uetControl: return kind == .control
    case .uetRetransmission: return kind != .unreliableRequest
    case .uetRequest: return kind.isRequest || kind == .control
    case .uetMark:
      return kind.isAcknowledgement || kind.isRefusal || kind == .idempotentResponse
    case .uetCredit: return kind == .unorderedCreditRequest || kind == .orderedCreditRequest
    default: return hasContextPart(part, prologue, kind, bytes)
    }
  }

  private func hasContextPart(
    _ part: FieldOrigin, _ prologue: UETPrologue, _ kind: UETPrologue.Kind,
    _ bytes: UnsafeRawPointer
  ) -> Bool {
    let isIdempotent = kind.isRefusal && prologue.has(UETPrologue.isIdempotent)
    switch part {
    case .uetSequence: return !isIdempotent
    case .uetPacketID: return !kind.isRefusal || isIdempotent
    case .uetDestination: return !isIdempotent && !starts(prologue, kind)
    case .uetCongestion: return congestionType(kind, bytes) != nil
    case .uetWindow: return kind == .congestionAcknowledgement && congestionType(kind, bytes) == 0
    case .uetGrant: return kind == .congestionAcknowledgement && congestionType(kind, bytes) == 1
    default: return false
    }
  }

  /// Whether the packet begins its context: then it cannot name the receiver's end of it.
  private func starts(_ prologue: UETPrologue, _ kind: UETPrologue.Kind) -> Bool {
    (kind.isRequest || kind == .control) && prologue.has(UETPrologue.start)
  }

  /// What an acknowledgement says of congestion, by type: 0 of the network's signals (NSCC), 1 of
  /// credit. Nil where it does not say, or where that part is not captured.
  private func congestionType(_ kind: UETPrologue.Kind, _ bytes: UnsafeRawPointer) -> UInt8? {
    guard kind == .congestionAcknowledgement || kind == .extendedAcknowledgement,
      self[.rdma] + 32 <= Int(end)
    else { return nil }
    return bytes.byte(at: self[.rdma] + 12) >> 4
  }
}

/// What is reckoned from several fields; nil where a packet of that type does not say it.
extension Headers {
  func packetNumber(of origin: FieldOrigin, _ bytes: UnsafeRawPointer) -> UInt64? {
    let prologue = prologue(bytes)
    switch origin {
    case .uetMode: return deliveryMode(prologue)
    case .uetEntropy:
      return UInt64(bytes.networkUInt16(at: self[.rdma] - (isOverUDP ? 8 : UET.entropyLength)))
    case .uetTrimmed: return isTrimmed(prologue, bytes) ? 1 : 0
    default: return sequenceNumber(of: origin, prologue, bytes).map(UInt64.init)
    }
  }

  /// RUD, ROD, RUDI, UUD. Acknowledgements do not say it. Control packets have a bit for it in the
  /// reference provider, which Wireshark does not know: they are left out.
  private func deliveryMode(_ prologue: UETPrologue) -> UInt64? {
    switch prologue.kind {
    case .unorderedRequest, .unorderedCreditRequest: 0
    case .orderedRequest, .orderedCreditRequest: 1
    case .idempotentRequest, .idempotentResponse: 2
    case .refusal, .extendedRefusal: prologue.has(UETPrologue.isIdempotent) ? 2 : nil
    case .unreliableRequest: 3
    default: nil
    }
  }

  /// The packet's own number, with an offset of 16 bits in two's complement or, in the first
  /// packets of a context, of 12 bits without sign.
  private func sequenceNumber(
    of origin: FieldOrigin, _ prologue: UETPrologue, _ bytes: UnsafeRawPointer
  ) -> UInt32? {
    guard let kind = prologue.kind else { return nil }
    let place = self[.rdma]
    let number = bytes.networkUInt32(at: place + 4)
    let offset = UInt32(
      truncatingIfNeeded: Int16(truncatingIfNeeded: bytes.networkUInt16(at: place + 2)))
    switch origin {
    case .uetClearPSN: return kind.isRequest ? number &+ offset : nil
    case .uetAckPSN:
      return kind.isAcknowledgement && !prologue.has(UETPrologue.probe) ? number &+ offset : nil
    case .uetStartPSN where starts(prologue, kind):
      return number &- UInt32(bytes.networkUInt16(at: place + 10) & 0xfff)
    default: return nil
    }
  }

  private var isOverUDP: Bool {
    let carrier = layers.isDisjoint(with: .innerIP) ? ipProtocol : innerProtocol
    return carrier == IPProtocol.udp.rawValue
  }

  /// Whether the packet says that it was longer than it is: by UDP's length, which a switch that
  /// trims it does not correct, or directly over IP by its own headers.
  private func isTrimmed(_ prologue: UETPrologue, _ bytes: UnsafeRawPointer) -> Bool {
    let place = self[.rdma]
    let length = Int(rdmaEnd) - place
    guard rdmaEnd > 0 else { return false }
    if isOverUDP { return Int(bytes.networkUInt16(at: place - 4)) - UDP.headerLength > length }
    guard let header = prologue.semantics else { return false }
    let payload = layers.isDisjoint(with: [.sesRequest, .sesResponse]) ? nil : payloadLength(bytes)
    return prologue.headerLength + header.length + Int(payload ?? 0) > length
  }
}
