// SPDX-License-Identifier: BSD-3-Clause

/// Where the bits of a field are.
@frozen
public struct FieldPlace: Hashable, Sendable, BitwiseCopyable {
  /// The header that must be there; any of them where there are several. Empty: always there.
  public let layers: Layers
  public let origin: FieldOrigin
  /// Where the header begins, for a field of a header.
  public let slot: HeaderSlot
  /// The header's fixed length in bytes.
  public let headerLength: Int
  /// The first bit, counted from the header's first, most significant one, as in the RFCs.
  public let bit: Int
  public let width: Int
  /// What is added to the bits, so that both versions of IP count the same thing.
  public let bias: UInt64
  /// What has to be corrected when the bits change.
  public let checksums: FieldChecksums
}

/// What a field is read from. But for `header`, a packet may lack the field though it has the
/// layer.
@frozen
public enum FieldOrigin: UInt8, Hashable, Sendable, BitwiseCopyable {
  case header
  // Out of the headers record.
  case ipProtocol, innerProtocol, malformation, tunnelID, tunnelCount, vlanCount, icrc
  // The same, as stages have marked the packet.
  case trafficClass, priority, color
  // Reckoned from the headers record and the packet.
  case rdmaPayloadLength, privateDataLength
  case uetMode, uetEntropy, uetTrimmed, uetClearPSN, uetAckPSN, uetStartPSN
  case sesRequestLength, sesPayloadLength, sesModifiedLength
  // From the packet's source.
  case wireLength, capturedLength
  // A header that only some forms of a packet have among those with the layer.
  case uetFlags, uetNextHeader, uetControl, uetRetransmission, uetRequest, uetMark, uetCredit
  case uetSequence, uetPacketID, uetDestination, uetCongestion, uetWindow, uetGrant
  case sesMessage, sesAnswer, sesTarget, sesKey, sesBuffer, sesContinuation, sesData, sesSmallData
  case ddpInvalidation, readRequest
}

extension FieldOrigin {
  /// Whether the field is read from a header's bytes.
  var isInHeader: Bool { self == .header || rawValue > FieldOrigin.capturedLength.rawValue }
}

/// The checksums that cover a field.
@frozen
public enum FieldChecksums: UInt8, Hashable, Sendable, BitwiseCopyable {
  case none
  case ipv4Header
  /// The IPv4 header's, and the transport's by its pseudo-header.
  case ipv4Address
  /// The transport's by its pseudo-header, which holds the final destination: of a packet that is
  /// still source-routed that is not the header's.
  case ipv6Source, ipv6Destination
  /// That of the field's own transport header.
  case transport
  /// That of the transport header which carries RDMA: the inner one of a tunnelled packet.
  case rdma
}

/// The place of a field, or the two places of one that either version of IP has.
@frozen
public struct FieldPlaces: Hashable, Sendable, BitwiseCopyable {
  public let first: FieldPlace
  public let second: FieldPlace?

  public var all: [FieldPlace] { [first] + (second.map { [$0] } ?? []) }
}

extension FieldPlace {
  /// The field as one word, or as two halves when it is wider than 64 bits.
  var words: (high: FieldWord?, low: FieldWord) {
    guard width > 64 else { return (nil, word(bit: bit, width: width)) }
    let high = word(bit: bit, width: width - 64)
    return (high, word(bit: bit + width - 64, width: 64))
  }

  /// All headers have at least 8 bytes, or 8 bytes of other headers before them, so that every
  /// field is read as a part of 8 bytes that lie within the packet. They begin at an even byte of
  /// the header, which is what sums of 16-bit words need.
  private func word(bit: Int, width: Int) -> FieldWord {
    let end = (bit + width + 7) / 8
    let start = min(bit / 16 * 2, headerLength - 8)
    let window = start + 8 >= end ? start : end - 8
    return FieldWord(
      layers: layers.rawValue, origin: origin, slot: UInt8(slot.rawValue),
      start: Int16(window), shift: UInt8((window + 8) * 8 - (bit + width)),
      mask: width == 64 ? .max : (1 << UInt64(width)) - 1)
  }
}
