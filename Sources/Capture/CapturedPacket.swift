// SPDX-License-Identifier: BSD-3-Clause

public import Wire

/// One packet of a capture file, as long as its reader stands on it.
@frozen
public struct CapturedPacket {
  /// The captured bytes; valid until the next call of the reader's `next()`.
  public let bytes: UnsafeRawBufferPointer
  /// Nanoseconds since 1970.
  public let nanoseconds: UInt64
  /// The length on the wire in bytes, never less than `bytes.count`.
  public let originalLength: UInt32
  public let linkType: LinkType

  init(
    bytes: UnsafeRawBufferPointer, nanoseconds: UInt64, originalLength: UInt32, linkType: LinkType
  ) {
    self.bytes = bytes
    self.nanoseconds = nanoseconds
    self.originalLength = max(originalLength, UInt32(clamping: bytes.count))
    self.linkType = linkType
  }
}
