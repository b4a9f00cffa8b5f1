// SPDX-License-Identifier: BSD-3-Clause

/// Rewrites of what the invariant CRC of a RoCE packet covers.
extension RewriteInstruction {
  /// Writes into a RoCE packet, and corrects its ICRC by the difference, as checksums are: one that
  /// was wrong stays wrong. A packet whose ICRC was cut off has none to correct.
  @inlinable @inline(never)
  func applyToRDMA<Source: PacketSource & ~Copyable>(
    _ source: borrowing Source, _ index: Int, _ header: UnsafeMutableRawPointer
  ) {
    let headers = source.headers(index)
    let packet = UnsafeMutableRawPointer(mutating: source.bytes(index))
    let differences = SIMD2(
      first.difference(first.load(header)), isPair ? second.difference(second.load(header)) : 0)
    let growth = writeAndSum(header)
    if checksums != .none { correct(growth, header, packet, headers) }

    guard let old = ICRC.stored(in: source, at: index) else { return }
    let end = Int(headers.pointee.rdmaEnd) &- BTH.checkLength
    let new = updated(old, differences & covered, before: end &- (header - packet))
    guard new != old else { return }
    ICRC.store(new, in: source, at: index)
    correctRDMAChecksum(packet, headers, by: checkGrowth(old, new, headers))
  }

  /// The ICRC lies `count` bytes behind the start of the header.
  @inlinable
  func updated(_ icrc: UInt32, _ differences: SIMD2<UInt64>, before count: Int) -> UInt32 {
    var icrc = icrc
    if differences.x != 0 {
      icrc = ICRC.updated(icrc, difference: differences.x, before: count &- first.start &- 8)
    }
    if differences.y != 0 {
      icrc = ICRC.updated(icrc, difference: differences.y, before: count &- second.start &- 8)
    }
    return icrc
  }

  /// By how much the sum of the datagram's words grew with its ICRC, which begins at an odd byte
  /// where the payload was not padded.
  @inlinable
  func checkGrowth(_ old: UInt32, _ new: UInt32, _ headers: UnsafePointer<Headers>) -> UInt16 {
    let growth = Checksum.fold(
      Checksum.halve(UInt64(~old.littleEndian)) &+ Checksum.halve(UInt64(new.littleEndian)))
    let isOdd = (Int(headers.pointee.rdmaEnd) &- headers.pointee[.rdma]) & 1 != 0
    return isOdd ? growth.byteSwapped : growth
  }
}

extension RewriteWindow {
  /// The bits that change.
  @inlinable @inline(__always)
  func difference(_ old: UInt64) -> UInt64 { old ^ changed(old) }
}

extension FieldPlace {
  /// Which bits of the 8 bytes from `start` on, counted from the header, an ICRC covers when the
  /// packet has one: none of what lies outside of the RoCE packet, all of what follows the BTH.
  func covered(from start: Int) -> UInt64 {
    switch (slot, layers) {
    case (.network, .ipv4): ICRCHeader.ipv4.covered(from: start)
    case (.network, .ipv6), (.route, _): ICRCHeader.ipv6.covered(from: start)
    case (.transport, .udp): ICRCHeader.udp.covered(from: start)
    case (.rdma, .bth): ICRCHeader.bth.covered(from: start)
    case (.reliableDatagram, _), (.queue, _), (.operation, _), (.operand, _): .max
    default: 0
    }
  }
}
