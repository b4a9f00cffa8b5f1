// SPDX-License-Identifier: BSD-3-Clause

/// The invariant CRC of RoCE and InfiniBand under way: of the headers, from the outermost one that
/// it covers to the BTH, and of all that follows up to the ICRC itself.
///
/// Begin with the headers, add the rest in as many pieces as it lies in, and take the value.
@frozen
public struct ICRC: Sendable, BitwiseCopyable {
  @usableFromInline var crc: CRC32

  @inlinable init(_ crc: CRC32) { self.crc = crc }

  /// Adds what follows the BTH: extension headers, payload and padding.
  @inlinable
  public mutating func add(_ bytes: UnsafeRawPointer, count: Int) {
    crc.add(bytes, count: count)
  }

  /// The ICRC, which lies behind the padding with its lowest byte first.
  @inlinable
  public var value: UInt32 { crc.value }

  /// What an ICRC becomes when other headers come in front of the same `count` bytes, at most 65535
  /// of them: a wrong one stays wrong by as much. Both have the headers and nothing behind the BTH.
  public static func updated(
    _ icrc: UInt32, from old: ICRC, to new: ICRC, over count: Int
  ) -> UInt32 {
    let zeros = UInt16(truncatingIfNeeded: count)
    return icrc ^ CRC32.remainder(old.value ^ new.value, overZeros: zeros)
  }

  /// What an ICRC becomes when 8 bytes change, without the rest of the packet.
  ///
  /// `difference` has a one for each covered bit that changed, the first byte lowest, as an
  /// exclusive or of old and new bytes in memory has: see `ICRCHeader.covered`. The 8 bytes may
  /// begin before what is covered, but end before the ICRC. `count` bytes lie between them and it,
  /// at most 65531.
  public static func updated(
    _ icrc: UInt32, difference: UInt64, before count: Int
  ) -> UInt32 {
    assert(count >= 0 && count <= 65531)
    let reduced = CRC32.reduce(UInt64(littleEndian: difference))
    let zeros = UInt16(truncatingIfNeeded: count &+ 4)
    return icrc ^ CRC32.remainder(reduced, overZeros: zeros)
  }
}
