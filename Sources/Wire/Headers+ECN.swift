// SPDX-License-Identifier: BSD-3-Clause

extension Headers {
  /// The ECN field of the packet's outermost IP header, which is the one that switches mark; 0
  /// without IP. It ends the second byte of an IPv4 header, and the upper half of that of an IPv6
  /// one.
  @inlinable @inline(__always)
  public func ecn(_ bytes: UnsafeRawPointer) -> UInt8 {
    guard layers.rawValue & Layers.ip.rawValue != 0 else { return 0 }
    let byte = bytes.load(fromByteOffset: self[.network] &+ 1, as: UInt8.self)
    return (layers.rawValue & Layers.ipv4.rawValue != 0 ? byte : byte &>> 4) & 3
  }
}
