// SPDX-License-Identifier: BSD-3-Clause

/// The invariant CRC of a packet whose headers were found.
extension ICRC {
  /// Whether the packet's ICRC is that of its bytes.
  ///
  /// The answer is `unverifiable` where bytes are missing that it covers, and where the
  /// specification does not say what it covers: IPv4 options, IPv6 extension headers.
  @inlinable
  public static func verdict<Source: PacketSource & ~Copyable>(
    in source: borrowing Source, at index: Int
  ) -> ICRCVerdict {
    guard let computed = computed(in: source, at: index),
      let stored = stored(in: source, at: index)
    else { return .unverifiable }
    return computed == stored ? .good : .bad
  }

  /// What the ICRC of the packet should be, or nil where that cannot be known.
  @inlinable
  public static func computed<Source: PacketSource & ~Copyable>(
    in source: borrowing Source, at index: Int
  ) -> UInt32? {
    let headers = source.headers(index)
    guard var icrc = ICRC(headers, source.bytes(index)) else { return nil }
    var offset = headers.pointee[.rdma] &+ BTH.headerLength
    let end = Int(headers.pointee.rdmaEnd) &- BTH.checkLength
    while offset < end {
      guard let piece = source.piece(index, from: offset) else { return nil }
      let count = min(piece.count, end &- offset)
      icrc.add(piece.start, count: count)
      offset &+= count
    }
    return icrc.value
  }

  /// The ICRC that the packet has, its lowest byte first; nil where it was cut off.
  @inlinable
  public static func stored<Source: PacketSource & ~Copyable>(
    in source: borrowing Source, at index: Int
  ) -> UInt32? {
    let place = Int(source.headers(index).pointee.rdmaEnd) &- BTH.checkLength
    guard place > 0, let piece = source.piece(index, from: place) else { return nil }
    if piece.count >= BTH.checkLength {
      return UInt32(littleEndian: piece.start.loadUnaligned(as: UInt32.self))
    }
    var value: UInt32 = 0
    for byte in 0..<BTH.checkLength {
      guard let piece = source.piece(index, from: place &+ byte) else { return nil }
      value |= UInt32(piece.start.byte(at: 0)) &<< UInt32(8 &* byte)
    }
    return value
  }

  /// Writes an ICRC where `stored` found one.
  @inlinable
  public static func store<Source: PacketSource & ~Copyable>(
    _ value: UInt32, in source: borrowing Source, at index: Int
  ) {
    let place = Int(source.headers(index).pointee.rdmaEnd) &- BTH.checkLength
    for byte in 0..<BTH.checkLength {
      guard let piece = source.piece(index, from: place &+ byte) else { return }
      UnsafeMutableRawPointer(mutating: piece.start).storeBytes(
        of: UInt8(truncatingIfNeeded: value &>> UInt32(8 &* byte)), as: UInt8.self)
    }
  }

  /// Computes the ICRC anew and writes it, if it is another than the packet has.
  @inlinable
  public static func correct<Source: PacketSource & ~Copyable>(
    in source: borrowing Source, at index: Int
  ) -> Correction {
    guard let computed = computed(in: source, at: index),
      let stored = stored(in: source, at: index)
    else { return .impossible }
    guard computed != stored else { return .needless }
    store(computed, in: source, at: index)
    return .corrected
  }

  /// What `correct` did.
  @frozen
  public enum Correction: Sendable, BitwiseCopyable {
    case needless, corrected, impossible
  }

  /// Begins with the headers in front of the BTH and the BTH; nil where the ICRC is not defined or
  /// its end not known.
  @inlinable
  public init?(_ headers: UnsafePointer<Headers>, _ bytes: UnsafeRawPointer) {
    let layers = headers.pointee.layers
    guard layers.contains(.bth), headers.pointee.rdmaEnd > 0 else { return nil }
    let rdma = headers.pointee[.rdma]
    if layers.contains(.grh) {
      self.init(grh: bytes + headers.pointee[.route])
      return
    }
    if layers.contains(.lrh) {
      self.init(lrh: bytes)
      return
    }
    let isInner = headers.pointee.tunnelCount > 0
    let network = headers.pointee[isInner ? .innerNetwork : .network]
    let isIPv4 = layers.contains(isInner ? .innerIPv4 : .ipv4)
    guard rdma &- network == (isIPv4 ? 28 : 48) else { return nil }
    if isIPv4 { self.init(ipv4: bytes + network) } else { self.init(ipv6: bytes + network) }
  }
}
