// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// How a RoCE packet finds its way, which both versions say in headers of their own: RoCEv1 in a
/// global route header, RoCEv2 in IPv4 or IPv6. A GID is an IPv6 address, or an IPv4 address in
/// the form `::ffff:a.b.c.d` (Annex A17).
struct RoCERoute: BitwiseCopyable {
  let trafficClass: UInt8
  /// 0 where the packet has none, as over IPv4.
  let flowLabel: UInt32
  let hops: UInt8
  let source: IPv6Address
  let destination: IPv6Address

  /// Of a global route header, which is laid out as IPv6's.
  init(ipv6 header: UnsafeRawPointer) {
    let word = header.networkUInt32(at: 0)
    trafficClass = UInt8(truncatingIfNeeded: word >> 20)
    flowLabel = word & 0xf_ffff
    hops = header.load(fromByteOffset: 7, as: UInt8.self)
    source = IPv6Address(
      high: header.networkUInt64(at: 8), low: header.networkUInt64(at: 16))
    destination = IPv6Address(
      high: header.networkUInt64(at: 24), low: header.networkUInt64(at: 32))
  }

  init(ipv4 header: UnsafeRawPointer) {
    trafficClass = header.load(fromByteOffset: 1, as: UInt8.self)
    flowLabel = 0
    hops = header.load(fromByteOffset: 8, as: UInt8.self)
    source = IPv6Address(high: 0, low: Self.mapped | UInt64(header.networkUInt32(at: 12)))
    destination = IPv6Address(
      high: 0, low: Self.mapped | UInt64(header.networkUInt32(at: 16)))
  }

  private static var mapped: UInt64 { 0xffff_0000_0000 }

  /// Whether both addresses are of IPv4.
  var isIPv4: Bool {
    source.high | destination.high == 0 && source.low >> 32 == 0xffff
      && destination.low >> 32 == 0xffff
  }

  /// IPv4 and UDP, or IPv6 and UDP.
  var lengthOfV2: Int { (isIPv4 ? IPv4.headerLength : IPv6.headerLength) &+ UDP.headerLength }

  /// RoCEv1's header in front of `payload` bytes, which are BTH to ICRC.
  func writeV1(to header: UnsafeMutableRawPointer, payload: Int) {
    writeIPv6(to: header, payload: payload, next: 0x1b)
  }

  /// RoCEv2's headers. The UDP checksum is 0 (Annex A17).
  func writeV2(
    to header: UnsafeMutableRawPointer, payload: Int, source port: UInt16, destination: UInt16
  ) {
    let datagram = payload &+ UDP.headerLength
    if isIPv4 {
      writeIPv4(to: header, payload: datagram)
    } else {
      writeIPv6(to: header, payload: datagram, next: 17)
    }
    let ports = UInt64(port) << 48 | UInt64(destination) << 32
    let word = ports | UInt64(UInt16(truncatingIfNeeded: datagram)) << 16
    header.store(word, at: lengthOfV2 &- UDP.headerLength)
  }

  private func writeIPv6(to header: UnsafeMutableRawPointer, payload: Int, next: UInt8) {
    let length = UInt32(UInt16(truncatingIfNeeded: payload))
    header.store(6 << 28 | UInt32(trafficClass) << 20 | flowLabel, at: 0)
    header.store(length << 16 | UInt32(next) << 8 | UInt32(hops), at: 4)
    header.store(source.high, at: 8)
    header.store(source.low, at: 16)
    header.store(destination.high, at: 24)
    header.store(destination.low, at: 32)
  }

  /// "Don't fragment", as RoCE needs it; the identification of such a packet means nothing (RFC
  /// 6864).
  private func writeIPv4(to header: UnsafeMutableRawPointer, payload: Int) {
    let total = UInt32(UInt16(truncatingIfNeeded: payload &+ IPv4.headerLength))
    header.store(0x4500_0000 | UInt32(trafficClass) << 16 | total, at: 0)
    header.store(0x4000 as UInt32, at: 4)
    header.store(UInt32(hops) << 24 | 17 << 16, at: 8)
    header.store(UInt32(truncatingIfNeeded: source.low), at: 12)
    header.store(UInt32(truncatingIfNeeded: destination.low), at: 16)
    var checksum = Checksum()
    checksum.add(header, count: IPv4.headerLength)
    header.store(checksum.value, at: 10)
  }

  /// The UDP source port that Linux takes (rdma_get_udp_sport): of the flow label or, without one,
  /// of both queue pairs.
  static func sourcePort(flowLabel: UInt32, _ one: UInt32, _ other: UInt32) -> UInt16 {
    var label = flowLabel
    if label == 0 {
      var product = UInt64(one) &* UInt64(other)
      product ^= product >> 20
      product ^= product >> 40
      label = UInt32(truncatingIfNeeded: product) & 0xf_ffff
    }
    return UInt16(truncatingIfNeeded: (label & 0x3fff) ^ (label & 0xf_c000) >> 14) | 0xc000
  }
}

extension UnsafeMutableRawPointer {
  @inline(__always)
  fileprivate func store<Number: FixedWidthInteger & BitwiseCopyable>(
    _ number: Number, at offset: Int
  ) {
    storeBytes(of: number.bigEndian, toByteOffset: offset, as: Number.self)
  }
}
