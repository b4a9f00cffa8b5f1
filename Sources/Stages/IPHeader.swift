// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// The fixed part of an IP header of either version, which `parse` found in a packet.
struct IPHeader: BitwiseCopyable {
  let bytes: UnsafeMutableRawPointer
  let isIPv4: Bool

  /// The outermost one of the packet that begins at `packet`; nil where there is none.
  @inline(__always)
  init?(of packet: UnsafeMutableRawPointer, _ headers: UnsafePointer<Headers>) {
    let layers = headers.pointee.layers
    isIPv4 = layers.contains(.ipv4)
    guard isIPv4 || layers.contains(.ipv6) else { return nil }
    bytes = packet + headers.pointee[.network]
  }

  /// DSCP and, in the lowest two bits, ECN.
  var trafficClass: UInt8 {
    isIPv4
      ? bytes.load(fromByteOffset: 1, as: UInt8.self)
      : UInt8(truncatingIfNeeded: firstWord >> 4)
  }

  /// Writes the ECN field; IPv4's header checksum follows, and no other covers it.
  func setECN(_ ecn: UInt8) {
    let old = firstWord
    let shift: UInt16 = isIPv4 ? 0 : 4
    let new = old & ~(3 << shift) | UInt16(ecn) << shift
    bytes.storeBytes(of: new.bigEndian, as: UInt16.self)
    guard isIPv4 else { return }
    let before = UnsafeRawPointer(bytes).networkUInt16(at: 10)
    let after = Checksum.updated(before, from: old, to: new)
    bytes.storeBytes(of: after.bigEndian, toByteOffset: 10, as: UInt16.self)
  }

  /// Version, and what follows it.
  private var firstWord: UInt16 { UnsafeRawPointer(bytes).networkUInt16(at: 0) }
}

/// The values of the ECN field (RFC 3168 section 5).
enum ECN {
  static var notECT: UInt8 { 0 }
  static var ect1: UInt8 { 1 }
  static var ect0: UInt8 { 2 }
  static var ce: UInt8 { 3 }
}
