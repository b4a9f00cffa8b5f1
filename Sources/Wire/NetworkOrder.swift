// SPDX-License-Identifier: BSD-3-Clause

extension UnsafeRawPointer {
  /// The 2-byte integer in network order at `offset`, which the caller has checked to be there.
  @inlinable @inline(__always)
  public func networkUInt16(at offset: Int) -> UInt16 {
    UInt16(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }

  /// The 4-byte integer in network order at `offset`, which the caller has checked to be there.
  @inlinable @inline(__always)
  public func networkUInt32(at offset: Int) -> UInt32 {
    UInt32(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  /// The 8-byte integer in network order at `offset`, which the caller has checked to be there.
  @inlinable @inline(__always)
  public func networkUInt64(at offset: Int) -> UInt64 {
    UInt64(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  @inlinable @inline(__always)
  func byte(at offset: Int) -> UInt8 { load(fromByteOffset: offset, as: UInt8.self) }
}
