// SPDX-License-Identifier: BSD-3-Clause
internal import CISAL

/// The CRC-32 of Castagnoli's polynomial, which iSCSI, SCTP and iWARP use (RFC 3720, 12.1): a sum
/// under way, and what it comes to.
public struct CRC32C: Sendable, BitwiseCopyable {
  public private(set) var value: UInt32 = 0

  public init() {}

  /// Adds bytes, of which there are fewer than 2 GB.
  public mutating func add(_ bytes: UnsafeRawPointer, count: Int) {
    // ISA-L wants to write what it only reads, and neither inverts before nor afterwards.
    let start = UnsafeMutablePointer(mutating: bytes.assumingMemoryBound(to: UInt8.self))
    value = ~crc32_iscsi(start, Int32(clamping: count), ~value)
  }
}
