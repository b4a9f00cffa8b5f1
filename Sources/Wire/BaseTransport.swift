// SPDX-License-Identifier: BSD-3-Clause

/// The base transport header: opcode, flags, partition, destination queue pair, packet sequence
/// number (InfiniBand Architecture Specification, volume 1, 9.2).
public enum BTH {
  @inlinable public static var headerLength: Int { 12 }
  /// Reserved bytes that follow it in a congestion notification (Annex A17).
  static let notificationPadding = 16
  /// The invariant CRC that ends the packet.
  public static var checkLength: Int { 4 }
}

extension HeaderWalk {
  /// A base transport header, its extension headers, payload, padding and invariant CRC; `end` is
  /// where the last of these ends on the wire.
  mutating func baseTransport(at offset: Int, end: Int) {
    guard has(BTH.headerLength, at: offset) else { return note(.bthHeaderCut) }
    guard bytes.byte(at: offset + 1) & 0x0f == 0 else { return note(.bthVersion) }
    let opcode = Int(bytes.byte(at: offset))
    let layout = rules.pointee.opcodes[opcode]
    guard layout.isAssigned else { return note(.bthOpcode) }
    headers.pointee.layers.insert(.bth)
    headers.pointee[.rdma] = offset
    payload(at: offset + BTH.headerLength)
    let headerLength = Int(layout.headerLength)
    let padding = Int(bytes.byte(at: offset + 1) >> 4 & 3)
    if offset + headerLength + padding + BTH.checkLength > end { return note(.roceLength) }
    // What does not fit 16 bits is nothing that a port or a capture has in one piece.
    headers.pointee.rdmaEnd = end <= Int(UInt16.max) ? UInt16(end) : 0
    // The packet had them on the wire: that a snap length cut them off is nothing wrong with it.
    guard has(headerLength, at: offset) else { return }
    headers.pointee.place(layout, at: offset)
    if layout.layers.contains(.aeth) { headers.pointee.judgeSyndrome(bytes) }
    if layout.layers.contains(.deth), bytes.networkUInt32(at: offset + 4) & 0xff_ffff == 1 {
      managementDatagram(at: offset + headerLength, end: end - BTH.checkLength)
    }
  }
}

extension Headers {
  /// Names the extension headers of an opcode. A header that it does not have is placed at the base
  /// transport header.
  @inlinable @inline(__always)
  mutating func place(_ layout: OpcodeLayout, at offset: Int) {
    layers = Layers(rawValue: layers.rawValue | layout.layers.rawValue)
    let base = UInt16(truncatingIfNeeded: offset)
    offsets[HeaderSlot.rdma.rawValue] = base
    offsets[HeaderSlot.reliableDatagram.rawValue] = base &+ layout.places[0]
    offsets[HeaderSlot.queue.rawValue] = base &+ layout.places[1]
    offsets[HeaderSlot.operation.rawValue] = base &+ layout.places[2]
    offsets[HeaderSlot.operand.rawValue] = base &+ layout.places[3]
    offsets[HeaderSlot.payload.rawValue] = base &+ layout.headerLength
  }

  /// Bits 6 and 5 of the syndrome: 0 acknowledges, 1 is "receiver not ready", 3 a NAK (9.7.5.2.1).
  @inlinable @inline(__always)
  mutating func judgeSyndrome(_ bytes: UnsafeRawPointer) {
    let kind = bytes.byte(at: self[.operation]) >> 5 & 3
    let verdict =
      switch kind {
      case 0: Layers.ack.rawValue
      case 1: Layers.rnrNAK.rawValue
      case 3: Layers.nak.rawValue
      default: 0 as UInt64
      }
    layers = Layers(rawValue: layers.rawValue | verdict)
  }
}

extension Headers {
  /// The bytes of a RoCE packet between its headers and its padding, as it was on the wire; 0 where
  /// that is not known.
  @inlinable
  public func rdmaPayloadLength(_ bytes: UnsafeRawPointer) -> Int {
    guard rdmaEnd > 0, layers.contains(.bth) else { return 0 }
    let padding = Int(bytes.byte(at: self[.rdma] &+ 1) >> 4 & 3)
    return max(Int(rdmaEnd) &- self[.payload] &- padding &- BTH.checkLength, 0)
  }
}
