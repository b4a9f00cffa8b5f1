// SPDX-License-Identifier: BSD-3-Clause

/// How an ICRC begins, by the headers that lie in front of what follows the BTH, one behind the
/// other.
///
/// Each start copies its headers, with ones for what may change, into whole blocks of 16 bytes, for
/// one call of ISA-L: it loads blocks, which does not wait for the copy when they were stored as
/// such. Zeros fill up the first block. They change nothing where the remainder begins as 0; the
/// ones that it should begin as invert the first 4 bytes instead. Over Ethernet 8 bytes of ones
/// come first, of which that leaves 4 zeros and 4 ones.
extension ICRC {
  /// RoCEv2 over IPv4: 40 bytes, which are IPv4 without options, UDP and BTH.
  public init(ipv4 headers: UnsafeRawPointer) {
    let ipv4 = ICRCHeader.ipv4.variant
    self.init(blocks: [
      SIMD2(ICRC.ones << 32, headers.eightBytes(at: 0) | ipv4.x),
      headers.block(at: 8) | SIMD2(ipv4.y, ICRCHeader.udp.variant.x << 32),
      headers.block(at: 24) | ICRC.udpAndBTH,
    ])
  }

  /// RoCEv2 over IPv6: 60 bytes, which are IPv6 without extension headers, UDP and BTH.
  public init(ipv6 headers: UnsafeRawPointer) {
    let ipv6 = ICRCHeader.ipv6.variant.x
    let first = headers.fourBytes(at: 0) | ipv6
    self.init(blocks: [
      SIMD2(ICRC.ones | first << 32, headers.eightBytes(at: 4) | ipv6 >> 32),
      headers.block(at: 12),
      headers.block(at: 28),
      headers.block(at: 44) | ICRC.udpAndBTH,
    ])
  }

  /// RoCEv1, and InfiniBand with a GRH: 52 bytes, which are GRH and BTH. An LRH in front of them
  /// counts as ones as a whole, as routers replace it.
  public init(grh headers: UnsafeRawPointer) {
    let grh = ICRCHeader.ipv6.variant.x
    let first = headers.fourBytes(at: 0) | grh
    self.init(blocks: [
      SIMD2(0, ICRC.ones | first << 32),
      headers.block(at: 4) | SIMD2(grh >> 32, 0),
      headers.block(at: 20),
      headers.block(at: 36) | ICRC.lastOfGRHAndBTH,
    ])
  }

  /// InfiniBand without a GRH: 20 bytes, which are LRH and BTH.
  public init(lrh headers: UnsafeRawPointer) {
    let first = headers.fourBytes(at: 0) | ICRCHeader.lrh.variant.x
    self.init(blocks: [
      SIMD2(0, ~first << 32),
      headers.block(at: 4) | ICRC.lastOfGRHAndBTH,
    ])
  }

  @inline(__always)
  private init<let count: Int>(blocks: InlineArray<count, SIMD2<UInt64>>) {
    // A remainder of 0.
    var crc = CRC32(resuming: ~0)
    withUnsafeBytes(of: blocks) { bytes in
      if let start = bytes.baseAddress { crc.add(start, count: count &* 16) }
    }
    self.init(crc)
  }

  private static var ones: UInt64 { 0xffff_ffff }

  /// What varies in the last 4 bytes of UDP and the BTH.
  @inline(__always)
  private static var udpAndBTH: SIMD2<UInt64> {
    lastOfGRHAndBTH | SIMD2(ICRCHeader.udp.variant.x >> 32, 0)
  }

  /// What varies in 4 bytes of which all are covered, such as the last ones of a GRH, and the BTH.
  @inline(__always)
  private static var lastOfGRHAndBTH: SIMD2<UInt64> {
    SIMD2(ICRCHeader.bth.variant.x << 32, ICRCHeader.bth.variant.x >> 32)
  }
}

extension UnsafeRawPointer {
  /// 4 bytes in memory order, the first one lowest.
  @inline(__always)
  fileprivate func fourBytes(at offset: Int) -> UInt64 {
    UInt64(UInt32(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
  }

  @inline(__always)
  fileprivate func eightBytes(at offset: Int) -> UInt64 {
    UInt64(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  @inline(__always)
  fileprivate func block(at offset: Int) -> SIMD2<UInt64> {
    SIMD2(eightBytes(at: offset), eightBytes(at: offset + 8))
  }
}
