// SPDX-License-Identifier: BSD-3-Clause

/// What a checksum becomes when a field that it covers changes, without the rest of the packet:
/// equation 3 of RFC 1624, `HC' = ~(~HC + ~m + m')`.
///
/// The field begins at an even distance from the start of what is summed. The result is the one
/// a full sum gives, 0x0000 and 0xffff told apart, as long as not all that is summed is 0.
extension Checksum {
  @inlinable
  public static func updated(_ checksum: UInt16, from old: UInt16, to new: UInt16) -> UInt16 {
    // Three 16-bit terms: at most 0x2fffd, so that two folds end the carries.
    let sum = UInt32(~checksum) &+ UInt32(~old) &+ UInt32(new)
    let folded = (sum & 0xffff) &+ (sum >> 16)
    return ~UInt16(truncatingIfNeeded: folded &+ (folded >> 16))
  }

  @inlinable
  public static func updated(_ checksum: UInt16, from old: UInt32, to new: UInt32) -> UInt16 {
    updated(checksum, adding: wordSum(~old) &+ wordSum(new))
  }

  @inlinable
  public static func updated(
    _ checksum: UInt16, from old: IPv6Address, to new: IPv6Address
  ) -> UInt16 {
    let removed = wordSum(~old.high) &+ wordSum(~old.low)
    return updated(checksum, adding: removed &+ wordSum(new.high) &+ wordSum(new.low))
  }

  /// The same for UDP: 0 says "no checksum" and stays; a computed 0 is sent as 0xffff (RFC 768).
  @inlinable
  public static func updatedUDP(_ checksum: UInt16, from old: UInt16, to new: UInt16) -> UInt16 {
    checksum == 0 ? 0 : udpValue(updated(checksum, from: old, to: new))
  }

  @inlinable
  public static func updatedUDP(_ checksum: UInt16, from old: UInt32, to new: UInt32) -> UInt16 {
    checksum == 0 ? 0 : udpValue(updated(checksum, from: old, to: new))
  }

  @inlinable
  public static func updatedUDP(
    _ checksum: UInt16, from old: IPv6Address, to new: IPv6Address
  ) -> UInt16 {
    checksum == 0 ? 0 : udpValue(updated(checksum, from: old, to: new))
  }

  /// A computed UDP checksum as it is sent.
  @inlinable
  public static func udpValue(_ computed: UInt16) -> UInt16 { computed == 0 ? 0xffff : computed }

  @inlinable
  static func wordSum(_ value: UInt32) -> UInt64 { UInt64(value >> 16) &+ UInt64(value & 0xffff) }

  @inlinable
  static func wordSum(_ value: UInt64) -> UInt64 {
    wordSum(UInt32(truncatingIfNeeded: value >> 32)) &+ wordSum(UInt32(truncatingIfNeeded: value))
  }

  @inlinable
  static func updated(_ checksum: UInt16, adding change: UInt64) -> UInt16 {
    // At most 17 words of 16 bits: below 2^21, so that two folds end the carries.
    let sum = UInt64(~checksum) &+ change
    let folded = (sum & 0xffff) &+ (sum >> 16)
    return ~UInt16(truncatingIfNeeded: folded &+ (folded >> 16))
  }
}
