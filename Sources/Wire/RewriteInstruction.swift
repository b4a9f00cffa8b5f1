// SPDX-License-Identifier: BSD-3-Clause

/// Up to 16 bytes of one header to be written, as two windows of 8.
///
/// Values are in memory order: the sum of 16-bit words does not depend on the order of the bytes
/// as long as the windows begin at even bytes of the header (RFC 1071 section 2).
@frozen
@usableFromInline
struct RewriteInstruction: BitwiseCopyable {
  /// Any of these must be among the packet's layers.
  @usableFromInline let layers: UInt64
  @usableFromInline let slot: UInt8
  @usableFromInline let checksums: FieldChecksums
  @usableFromInline let isPair: Bool
  @usableFromInline let first: RewriteWindow
  @usableFromInline let second: RewriteWindow
  /// Of each window, the bits that the ICRC of a RoCE packet covers.
  @usableFromInline let covered: SIMD2<UInt64>
  /// Whether it covers them in a tunnel too.
  @usableFromInline let isWithinTunnels: Bool

  init(
    layers: UInt64, slot: UInt8, checksums: FieldChecksums, first: RewriteWindow,
    second: RewriteWindow?, covered: SIMD2<UInt64>
  ) {
    self.covered = covered
    isWithinTunnels =
      Int(slot) != HeaderSlot.network.rawValue && Int(slot) != HeaderSlot.transport.rawValue
    self.layers = layers
    self.slot = slot
    self.checksums = checksums
    isPair = second != nil
    self.first = first
    self.second = second ?? first
  }

  /// One pass over the packets of `selection`.
  @inlinable
  func apply<Source: PacketSource & ~Copyable>(_ selection: UInt64, _ source: borrowing Source) {
    // Copies, so that the loops need not read it again after each store into a packet.
    let instruction = self
    if checksums == .none && covered == .zero {
      instruction.writeUnchecked(selection, source)
    } else {
      instruction.writeAndCorrect(selection, source)
    }
  }

  /// Fields that no checksum covers.
  @inlinable @inline(__always)
  func writeUnchecked<Source: PacketSource & ~Copyable>(
    _ selection: UInt64, _ source: borrowing Source
  ) {
    var bits = selection
    while bits != 0 {
      let index = bits.trailingZeroBitCount
      bits &= bits &- 1
      let headers = source.headers(index)
      guard headers.pointee.layers.rawValue & layers != 0 else { continue }
      write(header(of: headers, UnsafeMutableRawPointer(mutating: source.bytes(index))))
    }
  }

  @inlinable @inline(__always)
  func writeAndCorrect<Source: PacketSource & ~Copyable>(
    _ selection: UInt64, _ source: borrowing Source
  ) {
    var bits = selection
    while bits != 0 {
      let index = bits.trailingZeroBitCount
      bits &= bits &- 1
      let headers = source.headers(index)
      guard headers.pointee.layers.rawValue & layers != 0 else { continue }
      let packet = UnsafeMutableRawPointer(mutating: source.bytes(index))
      let header = header(of: headers, packet)
      if isCovered(in: headers) {
        applyToRDMA(source, index, header)
      } else {
        correct(writeAndSum(header), header, packet, headers)
      }
    }
  }

  @inlinable @inline(__always)
  func header(
    of headers: UnsafePointer<Headers>, _ packet: UnsafeMutableRawPointer
  ) -> UnsafeMutableRawPointer {
    // A slot is below 18 by construction.
    packet + Int(headers.pointee.offsets[unchecked: Int(slot)])
  }

  /// Whether the packet has an ICRC that covers something of what is written.
  @inlinable @inline(__always)
  func isCovered(in headers: UnsafePointer<Headers>) -> Bool {
    guard covered != .zero, headers.pointee.layers.rawValue & Layers.bth.rawValue != 0 else {
      return false
    }
    return isWithinTunnels || headers.pointee.tunnelCount == 0
  }

  /// Both windows are read before one is written: where they overlap the first one counts.
  @inlinable @inline(__always)
  func write(_ header: UnsafeMutableRawPointer) {
    guard isPair else { return first.store(first.changed(first.load(header)), header) }
    let (one, two) = (first.load(header), second.load(header))
    second.store(second.changed(two), header)
    first.store(first.changed(one), header)
  }

  /// The same, and by how much the sum of the header's 16-bit words grew.
  @inlinable @inline(__always)
  func writeAndSum(_ header: UnsafeMutableRawPointer) -> UInt16 {
    let one = first.load(header)
    var growth = first.growth(of: one)
    if isPair {
      let two = second.load(header)
      growth &+= second.growth(of: two)
      second.store(second.changed(two), header)
    }
    first.store(first.changed(one), header)
    return Checksum.fold(growth)
  }

  @inlinable @inline(__always)
  func correct(
    _ growth: UInt16, _ header: UnsafeMutableRawPointer, _ packet: UnsafeMutableRawPointer,
    _ headers: UnsafePointer<Headers>
  ) {
    // A word less itself is 0xffff in one's complement: nothing changed.
    guard growth != 0xffff else { return }
    if checksums == .ipv4Header || checksums == .ipv4Address {
      correctIPv4Checksum(header, by: growth)
    }
    guard checksums != .ipv4Header else { return }
    let layers = headers.pointee.layers.rawValue
    if checksums == .ipv6Destination, layers & Layers.sourceRouted.rawValue != 0 { return }
    guard checksums != .rdma else { return correctRDMAChecksum(packet, headers, by: growth) }
    let offset = Int(headers.pointee.offsets[unchecked: HeaderSlot.transport.rawValue])
    correctTransportChecksum(layers, packet + offset, by: growth)
  }
}

/// Eight bytes of a header, some bits of which are replaced.
@frozen
@usableFromInline
struct RewriteWindow: BitwiseCopyable {
  /// Counted from the header; negative for headers of less than 8 bytes.
  @usableFromInline let start: Int
  @usableFromInline let kept: UInt64
  @usableFromInline let bits: UInt64

  @inlinable
  init(start: Int, kept: UInt64, bits: UInt64) {
    self.start = start
    self.kept = kept
    self.bits = bits
  }

  @inlinable @inline(__always)
  func load(_ header: UnsafeMutableRawPointer) -> UInt64 {
    header.loadUnaligned(fromByteOffset: start, as: UInt64.self)
  }

  @inlinable @inline(__always)
  func store(_ value: UInt64, _ header: UnsafeMutableRawPointer) {
    header.storeBytes(of: value, toByteOffset: start, as: UInt64.self)
  }

  @inlinable @inline(__always)
  func changed(_ value: UInt64) -> UInt64 { value & kept | bits }

  /// How much the sum of 16-bit words grows when `old` is changed; at most 34 bits.
  @inlinable @inline(__always)
  func growth(of old: UInt64) -> UInt64 {
    Checksum.halve(~old) &+ Checksum.halve(changed(old))
  }
}
