// SPDX-License-Identifier: BSD-3-Clause

/// A field of up to 64 bits, ready to be read: 8 bytes of the packet, shifted and masked.
@frozen
@usableFromInline
struct FieldWord: Hashable, Sendable, BitwiseCopyable {
  /// Any of these must be among the packet's layers; 0 is always there.
  @usableFromInline let layers: UInt64
  @usableFromInline let origin: FieldOrigin
  @usableFromInline let slot: UInt8
  /// Where the 8 bytes start, counted from the header; negative for headers of less than 8 bytes.
  @usableFromInline let start: Int16
  @usableFromInline let shift: UInt8
  @usableFromInline var mask: UInt64

  @inlinable @inline(__always)
  func isPresent(in layers: Layers) -> Bool {
    self.layers == 0 || self.layers & layers.rawValue != 0
  }

  /// The bits of a header's field, where `headers` has the header.
  @inlinable @inline(__always)
  func load(_ headers: UnsafePointer<Headers>, _ bytes: UnsafeRawPointer) -> UInt64 {
    // A slot is below 16 by construction.
    let header = Int(headers.pointee.offsets[unchecked: Int(slot)])
    let window = bytes.loadUnaligned(fromByteOffset: header &+ Int(start), as: UInt64.self)
    return window.bigEndian &>> UInt64(shift) & mask
  }

  /// The value wherever it comes from, without `FieldPlace.bias`; the layers must be there. Nil
  /// where the packet's form does not have it.
  @inlinable
  func value<Source: PacketSource & ~Copyable>(
    in source: borrowing Source, at index: Int
  ) -> UInt64? {
    switch origin {
    case .header: load(source.headers(index), source.bytes(index))
    case .wireLength: UInt64(source.wireLength(index)) & mask
    case .capturedLength: UInt64(source.capturedLength(index)) & mask
    default: known(source.headers(index), source.bytes(index))
    }
  }

  @usableFromInline
  func known(_ headers: UnsafePointer<Headers>, _ bytes: UnsafeRawPointer) -> UInt64? {
    guard origin.isInHeader else {
      return headers.pointee.number(of: origin, bytes).map { $0 & mask }
    }
    return headers.pointee.hasPart(origin, bytes) ? load(headers, bytes) : nil
  }
}

extension Headers {
  /// What the record knows of a packet without its being a part of a header.
  func number(of origin: FieldOrigin, _ bytes: UnsafeRawPointer) -> UInt64? {
    switch origin {
    case .ipProtocol: UInt64(ipProtocol)
    case .innerProtocol: UInt64(innerProtocol)
    case .malformation: UInt64(malformation.rawValue)
    case .tunnelID: UInt64(tunnelID)
    case .tunnelCount: UInt64(tunnelCount)
    case .vlanCount: UInt64(vlanCount)
    case .icrc: UInt64(icrc.rawValue)
    case .trafficClass: UInt64(trafficClass.number)
    case .priority: UInt64(priority)
    case .color: UInt64(color.rawValue)
    case .rdmaPayloadLength: UInt64(rdmaPayloadLength(bytes))
    case .privateDataLength: privateDataLength(bytes)
    case .sesRequestLength, .sesPayloadLength, .sesModifiedLength:
      semanticsNumber(of: origin, bytes)
    default: packetNumber(of: origin, bytes)
    }
  }

  /// Whether the packet has the form that has this part of a header.
  func hasPart(_ part: FieldOrigin, _ bytes: UnsafeRawPointer) -> Bool {
    switch part {
    case .sesMessage, .sesAnswer, .sesTarget, .sesKey, .sesBuffer, .sesContinuation, .sesData,
      .sesSmallData:
      hasSemanticsPart(part, bytes)
    case .ddpInvalidation, .readRequest: hasPlacementPart(part, bytes)
    default: hasPacketPart(part, bytes)
    }
  }

  private func privateDataLength(_ bytes: UnsafeRawPointer) -> UInt64 {
    let attribute = bytes.networkUInt16(at: self[.operation] + 16)
    let length = CM.Attribute(rawValue: attribute)?.privateDataLength
    return UInt64(length ?? 0)
  }
}
