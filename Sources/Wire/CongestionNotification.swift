// SPDX-License-Identifier: BSD-3-Clause

/// Writes congestion notifications of RoCEv2 (InfiniBand Architecture Specification, volume 1,
/// Annex A17.9.3): what the receiver of a marked packet sends to its sender.
///
/// The answer goes back the way that the packet came: addresses change places, VLAN tags stay. What
/// the annex leaves open is as ConnectX-4 Lx sends it.
public struct CongestionNotification: BitwiseCopyable, Sendable {
  /// DSCP and, in the lowest two bits, ECN.
  public var trafficClass: UInt8
  /// The priority of its VLAN tags.
  public var priority: UInt8
  public var hopLimit: UInt8
  public var sourcePort: UInt16

  public init(trafficClass: UInt8, priority: UInt8, hopLimit: UInt8, sourcePort: UInt16) {
    self.trafficClass = trafficClass
    self.priority = priority
    self.hopLimit = hopLimit
    self.sourcePort = sourcePort
  }

  /// BTH, reserved bytes, ICRC.
  private static var transportLength: Int {
    BTH.headerLength + BTH.notificationPadding + BTH.checkLength
  }
  private static var datagramLength: Int { UDP.headerLength + transportLength }

  /// How long the answer to a packet is; nil of a packet that is no RoCEv2 in IP right behind
  /// Ethernet and its VLAN tags, which this does not answer.
  public static func length(answering headers: UnsafePointer<Headers>) -> Int? {
    let layers = headers.pointee.layers
    let needed = Layers(
      rawValue: Layers.ethernet.rawValue | Layers.udp.rawValue | Layers.bth.rawValue)
    guard layers.contains(needed), !layers.contains(.grh), headers.pointee.tunnelCount == 0,
      layers.rawValue & Layers.ip.rawValue != 0
    else { return nil }
    let network = headers.pointee[.network]
    // Nothing but tags may lie between the addresses and IP.
    guard network == 14 + VLAN.headerLength * Int(headers.pointee.vlanCount) else { return nil }
    let isIPv4 = layers.contains(.ipv4)
    return network + (isIPv4 ? IPv4.headerLength : IPv6.headerLength) + datagramLength
  }

  /// Writes the answer to a packet, for which `length` has found room.
  ///
  /// - Parameter queuePair: that of the packet's sender.
  public func write(
    to answer: UnsafeMutableRawPointer, answering packet: UnsafeRawPointer,
    _ headers: UnsafePointer<Headers>, queuePair: UInt32
  ) {
    let network = headers.pointee[.network]
    let isIPv4 = headers.pointee.layers.contains(.ipv4)
    writeLink(answer, packet, upTo: network, tags: Int(headers.pointee.vlanCount))
    let ip = answer + network
    let datagram = ip + (isIPv4 ? IPv4.headerLength : IPv6.headerLength)
    if isIPv4 {
      writeIPv4(ip, packet + network)
    } else {
      writeIPv6(ip, packet + network)
    }
    let asked = packet + headers.pointee[.transport]
    datagram.store(sourcePort, at: 0)
    datagram.store(asked.networkUInt16(at: 2), at: 2)
    datagram.store(UInt16(Self.datagramLength), at: 4)
    datagram.store(0 as UInt16, at: 6)
    writeTransport(datagram + UDP.headerLength, packet + headers.pointee[.rdma], queuePair)
    close(ip, datagram, isIPv4: isIPv4, hasChecksum: asked.networkUInt16(at: 6) != 0)
  }

  private func writeLink(
    _ answer: UnsafeMutableRawPointer, _ packet: UnsafeRawPointer, upTo end: Int, tags: Int
  ) {
    answer.copyMemory(from: packet + 6, byteCount: 6)
    (answer + 6).copyMemory(from: packet, byteCount: 6)
    (answer + 12).copyMemory(from: packet + 12, byteCount: end - 12)
    for tag in 0..<tags {
      let place = 14 + tag * VLAN.headerLength
      let control = packet.networkUInt16(at: place)
      answer.store(control & 0x1fff | UInt16(priority) << 13, at: place)
    }
  }

  /// Not to be fragmented, so that the identification means nothing (RFC 6864, section 4.1).
  private func writeIPv4(_ ip: UnsafeMutableRawPointer, _ asked: UnsafeRawPointer) {
    ip.store(0x4500 | UInt16(trafficClass), at: 0)
    ip.store(UInt16(IPv4.headerLength + Self.datagramLength), at: 2)
    ip.store(0x0000_4000 as UInt32, at: 4)
    ip.store(UInt16(hopLimit) << 8 | UInt16(IPProtocol.udp.rawValue), at: 8)
    ip.store(0 as UInt16, at: 10)
    ip.store(asked.networkUInt32(at: 16), at: 12)
    ip.store(asked.networkUInt32(at: 12), at: 16)
    var checksum = Checksum()
    checksum.add(UnsafeRawPointer(ip), count: IPv4.headerLength)
    ip.store(checksum.value, at: 10)
  }

  private func writeIPv6(_ ip: UnsafeMutableRawPointer, _ asked: UnsafeRawPointer) {
    ip.store(0x6000_0000 | UInt32(trafficClass) << 20, at: 0)
    ip.store(UInt16(Self.datagramLength), at: 4)
    ip.store(UInt16(IPProtocol.udp.rawValue) << 8 | UInt16(hopLimit), at: 6)
    (ip + 8).copyMemory(from: asked + 24, byteCount: 16)
    (ip + 24).copyMemory(from: asked + 8, byteCount: 16)
  }

  /// Opcode, the packet's partition, BECN, the sender's queue pair, and zeros.
  private func writeTransport(
    _ transport: UnsafeMutableRawPointer, _ asked: UnsafeRawPointer, _ queuePair: UInt32
  ) {
    transport.store(UInt16(Opcode.cnp.rawValue) << 8, at: 0)
    transport.store(asked.networkUInt16(at: 2), at: 2)
    transport.store(0x4000_0000 | queuePair & 0xff_ffff, at: 4)
    for place in stride(from: 8, to: Self.transportLength, by: 4) {
      transport.store(0 as UInt32, at: place)
    }
  }

  /// Writes the ICRC, which does not cover the checksum of UDP, then that, if the packet had one.
  private func close(
    _ ip: UnsafeMutableRawPointer, _ datagram: UnsafeMutableRawPointer, isIPv4: Bool,
    hasChecksum: Bool
  ) {
    var icrc = isIPv4 ? ICRC(ipv4: ip) : ICRC(ipv6: ip)
    let rest = datagram + UDP.headerLength + BTH.headerLength
    icrc.add(rest, count: BTH.notificationPadding)
    rest.store(icrc.value.byteSwapped, at: BTH.notificationPadding)
    guard hasChecksum else { return }
    var checksum = Checksum()
    checksum.add(
      UnsafeRawPointer(ip) + (isIPv4 ? 12 : 8), count: isIPv4 ? 8 : 32)
    checksum.add(UInt32(Self.datagramLength))
    checksum.add(UInt32(IPProtocol.udp.rawValue))
    checksum.add(UnsafeRawPointer(datagram), count: Self.datagramLength)
    datagram.store(checksum.value == 0 ? 0xffff : checksum.value, at: 6)
  }
}

extension UnsafeMutableRawPointer {
  /// Writes a number in network order.
  fileprivate func store<Number: FixedWidthInteger & BitwiseCopyable>(
    _ number: Number, at offset: Int
  ) {
    (self + offset).storeBytes(of: number.bigEndian, as: Number.self)
  }
}
