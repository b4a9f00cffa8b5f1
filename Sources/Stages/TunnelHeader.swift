// SPDX-License-Identifier: BSD-3-Clause
import Settings
import Wire

/// What a tunnel puts in front of each packet, from the Ethernet header on: made once, copied to
/// the packet, and completed there.
struct TunnelHeader: ~Copyable {
  /// At most the room that packets are received with in front of them.
  static var longest: Int { 128 }

  let length: Int
  /// Where the outer IP and UDP headers begin.
  let network: Int
  let transport: Int
  private let isIPv4: Bool
  private let bytes: UnsafeMutableRawPointer

  init(
    link: [UInt8], source: IPPrefix.Address, destination: IPPrefix.Address, hops: UInt8,
    port: UInt16, tunnel: [UInt8]
  ) {
    var ip: [UInt8] = []
    isIPv4 = source.bits == 32
    if isIPv4 {
      // "Don't fragment", as no end of a tunnel puts fragments together (RFC 7348 section 4.3);
      // the identification of such packets means nothing (RFC 6864).
      ip = [0x45, 0, 0, 0, 0, 0, 0x40, 0, hops, 17, 0, 0] + source.bytes + destination.bytes
    } else {
      ip = [0x60, 0, 0, 0, 0, 0, 17, hops] + source.bytes + destination.bytes
    }
    network = link.count
    transport = link.count + ip.count
    let udp: [UInt8] = [0, 0] + port.bytes + [0, 0, 0, 0]
    let all = link + ip + udp + tunnel
    length = all.count
    bytes = .allocate(byteCount: all.count, alignment: 8)
    for (offset, byte) in all.enumerated() {
      bytes.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
    }
  }

  deinit { bytes.deallocate() }

  /// Whether the lengths of the outer headers can count this and a packet of so many bytes.
  func fits(_ inner: UInt32) -> Bool { Int(inner) &+ length &- network <= Int(UInt16.max) }

  /// Writes the header of a packet of `inner` bytes; the UDP checksum is 0, which says that there
  /// is none (RFC 7348 section 5; over IPv6 RFC 6935).
  func write(
    to packet: UnsafeMutableRawPointer, inner: UInt32, trafficClass: UInt8, _ entropy: FlowEntropy
  ) {
    packet.copyMemory(from: bytes, byteCount: length)
    let datagram = UInt16(truncatingIfNeeded: Int(inner) &+ length &- transport)
    let udp = packet + transport
    udp.storeBytes(of: entropy.port.bigEndian, as: UInt16.self)
    udp.storeBytes(of: datagram.bigEndian, toByteOffset: 4, as: UInt16.self)
    let ip = packet + network
    if isIPv4 {
      let total = datagram &+ UInt16(IPv4.headerLength)
      ip.storeBytes(of: trafficClass, toByteOffset: 1, as: UInt8.self)
      ip.storeBytes(of: total.bigEndian, toByteOffset: 2, as: UInt16.self)
      var checksum = Checksum()
      checksum.add(ip, count: IPv4.headerLength)
      ip.storeBytes(of: checksum.value.bigEndian, toByteOffset: 10, as: UInt16.self)
    } else {
      let word = 6 << 28 | UInt32(trafficClass) << 20 | entropy.flowLabel
      ip.storeBytes(of: word.bigEndian, as: UInt32.self)
      ip.storeBytes(of: datagram.bigEndian, toByteOffset: 4, as: UInt16.self)
    }
  }

  /// The sum over addresses, protocol and length that begins a UDP checksum.
  func pseudoHeaderSum(of packet: UnsafeRawPointer) -> Checksum {
    var checksum = Checksum()
    checksum.add(packet + network + (isIPv4 ? 12 : 8), count: isIPv4 ? 8 : 32)
    checksum.add(UInt16(17))
    let length = packet.loadUnaligned(fromByteOffset: transport + 4, as: UInt16.self)
    checksum.add(UInt16(bigEndian: length))
    return checksum
  }
}

extension IPPrefix.Address {
  /// As they lie in a header.
  fileprivate var bytes: [UInt8] {
    switch self {
    case .v4(let address): address.value.bytes
    case .v6(let address): address.high.bytes + address.low.bytes
    }
  }
}

extension FixedWidthInteger where Self: UnsignedInteger {
  /// In network order.
  var bytes: [UInt8] {
    stride(from: Self.bitWidth - 8, through: 0, by: -8).map {
      UInt8(truncatingIfNeeded: self >> Self($0))
    }
  }
}
