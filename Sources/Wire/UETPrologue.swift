// SPDX-License-Identifier: BSD-3-Clause

/// The first 16 bits of every Ultra Ethernet packet: a type, what follows, and flags by type
/// (UE specification 1.0, 3.5.10).
///
/// The layouts here are those of the consortium's reference provider (ultraethernet/uet-ref-prov,
/// `uet_pkt_hdr.h`), held against Wireshark's `packet-uet.c` and, where the two differ, against
/// XDP2's `uet/pds.h` and `uet/ses.h`; nobody here had the specification's text.
struct UETPrologue {
  let rawValue: UInt16

  /// Bits 15 to 11. Types without a name are counted, but nothing behind them is read.
  enum Kind: UInt8, CaseIterable {
    case security = 1
    case unorderedRequest, orderedRequest
    case idempotentRequest, idempotentResponse
    case unreliableRequest
    case acknowledgement, congestionAcknowledgement, extendedAcknowledgement
    case refusal
    case control
    case extendedRefusal
    case unorderedCreditRequest, orderedCreditRequest
  }

  var kind: Kind? { Kind(rawValue: UInt8(truncatingIfNeeded: rawValue >> 11)) }

  /// Bits 10 to 7, of a control packet its type.
  var next: UInt8 { UInt8(truncatingIfNeeded: rawValue >> 7) & 0xf }

  func has(_ flag: UInt16) -> Bool { rawValue & flag != 0 }
}

/// Flags, of those types that have them.
extension UETPrologue {
  /// Of an acknowledgement: it also says which packet is expected next, and so has 4 bytes more.
  /// Only the reference provider has this, others call the bit reserved.
  static let expectation: UInt16 = 0x40
  /// Of an acknowledgement: it answers a probe.
  static let probe: UInt16 = 0x08
  /// Of a refusal: it is about an idempotent request, which has no context.
  static let isIdempotent: UInt16 = 0x08
  /// Of a request or a control packet: the context begins.
  static let start: UInt16 = 0x04
  /// Of a security header, in the place of the next header: 4 bytes more that name the source.
  static let sourceIdentifier: UInt16 = 0x0400
}

extension UETPrologue {
  /// Prologue included. Of extended acknowledgements and refusals XDP2 has 8 bytes less; here they
  /// are as long as the other two have them.
  var headerLength: Int {
    switch kind {
    case .security: has(Self.sourceIdentifier) ? 16 : 12
    case .unorderedRequest, .orderedRequest: 12
    case .unorderedCreditRequest, .orderedCreditRequest, .refusal, .control: 16
    case .idempotentRequest, .idempotentResponse: 8
    case .unreliableRequest, nil: UET.shortestHeader
    case .acknowledgement: has(Self.expectation) ? 16 : 12
    case .congestionAcknowledgement, .extendedRefusal: 32
    case .extendedAcknowledgement: 40
    }
  }

  /// How much of the header a switch leaves when it trims the packet.
  var untrimmedLength: Int { min(headerLength, UET.leastTrimmed) }

  var layers: Layers {
    switch kind {
    case .security, .unreliableRequest, nil: .uetOther
    case .idempotentRequest, .idempotentResponse: .uetIdempotent
    case .refusal, .extendedRefusal: [.uetContext, .uetNACK]
    default: .uetContext
    }
  }

  /// The semantics header that follows; nil where none does, or where nobody can read it.
  var semantics: SES.Header? {
    switch kind {
    case .security, .control, nil: nil
    default: SES.Header(rawValue: next)
    }
  }
}

/// Which types have what in common.
extension UETPrologue.Kind {
  var isRequest: Bool {
    switch self {
    case .unorderedRequest, .orderedRequest, .unorderedCreditRequest, .orderedCreditRequest: true
    default: false
    }
  }

  var isAcknowledgement: Bool {
    switch self {
    case .acknowledgement, .congestionAcknowledgement, .extendedAcknowledgement: true
    default: false
    }
  }

  var isRefusal: Bool { self == .refusal || self == .extendedRefusal }
}
