// SPDX-License-Identifier: BSD-3-Clause
import Pipeline
import Settings
import Wire

/// Counts down the hops that a packet has left, as a router does.
struct DecrementTTL: Stage, ~Copyable {
  static var name: String { "decrement-ttl" }
  static var summary: String {
    "Takes hops off the TTL or hop limit of IP packets; drops packets that have none left."
  }
  static var settings: [any SettingDeclaration] { [hops] }
  static var shorthand: String? { hops.name }
  static var example: String {
    """
    - decrement-ttl
    - decrement-ttl: 2
      when: ip.dst in 10.9.0.0/16
    """
  }

  static let hops: Setting<Int> = .integer(
    "hops", in: 1...255, default: 1, "How many hops to take off")

  private let hops: UInt8
  private let expired: DropReason

  init(_ settings: SettingValues, _ context: StageContext) {
    hops = UInt8(settings[Self.hops])
    expired = context.reason("ttl-expired")
  }

  mutating func process(_ burst: inout Burst, _ selection: Selection) {
    for index in selection {
      let headers = burst.headers(index)
      let isIPv4 = headers.pointee.layers.contains(.ipv4)
      guard isIPv4 || headers.pointee.layers.contains(.ipv6) else { continue }
      // `parse` names a header only when its bytes are there, so no length is tested here.
      let ip = burst.mutableBytes(index) + headers.pointee[.network]
      let place = isIPv4 ? 8 : 7
      let old = ip.load(fromByteOffset: place, as: UInt8.self)
      guard old > hops else {
        burst.drop(index, expired)
        continue
      }
      ip.storeBytes(of: old &- hops, toByteOffset: place, as: UInt8.self)
      if isIPv4 { correctChecksum(ip, from: old, to: old &- hops) }
    }
  }

  /// The TTL is the upper byte of its word of the header checksum (RFC 791, 3.1).
  private func correctChecksum(_ ip: UnsafeMutableRawPointer, from old: UInt8, to new: UInt8) {
    let before = UInt16(bigEndian: ip.loadUnaligned(fromByteOffset: 10, as: UInt16.self))
    let after = Checksum.updated(before, from: UInt16(old) << 8, to: UInt16(new) << 8)
    ip.storeBytes(of: after.bigEndian, toByteOffset: 10, as: UInt16.self)
  }
}
