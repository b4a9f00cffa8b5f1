// SPDX-License-Identifier: BSD-3-Clause

/// The packets that nearly all are, without a loop and with few branches: Ethernet with one tag at
/// most, IPv4 without options and fragments or IPv6 without extension headers, UDP and RoCEv2.
///
/// Whatever is unusual or wrong makes it give up, and the packet is left to `parseAny`; what both
/// can read they read alike.
@frozen
@usableFromInline
struct StraightPath {
  @usableFromInline let bytes: UnsafeRawPointer
  @usableFromInline let captured: Int
  @usableFromInline let wireLength: Int
  @usableFromInline let rules: UnsafePointer<ParserRules>
  @usableFromInline let headers: UnsafeMutablePointer<Headers>

  @inlinable @inline(__always)
  init(
    bytes: UnsafeRawPointer, captured: Int, wireLength: Int,
    rules: UnsafePointer<ParserRules>, headers: UnsafeMutablePointer<Headers>
  ) {
    self.bytes = bytes
    self.captured = captured
    self.wireLength = wireLength
    self.rules = rules
    self.headers = headers
  }

  /// False when the packet has to be left to `parseAny`.
  @inlinable @inline(__always)
  func ethernet() -> Bool {
    // The smallest packet that is read here has an Ethernet header of 14 bytes and 4 more; the
    // upper bound makes every offset and `end` fit their 16 bits.
    guard UInt(bitPattern: captured &- 18) <= 65535 - 18 else { return false }
    // EtherType, then what follows: version and header length of IP, or a tag's priority.
    let kind = bytes.networkUInt32(at: 12)
    if kind & 0xffff_ff00 == 0x0800_4500 { return plainIPv4() }
    headers.pointee = Headers()
    switch kind >> 16 {
    case 0x86dd: return ipv6(at: 14, .ethernet)
    case 0x8100:
      return Self.tagged(
        bytes, captured: captured, wireLength: wireLength, by: rules, into: headers)
    default: return logicalLink(UInt16(truncatingIfNeeded: kind >> 16))
    }
  }

  /// A packet that begins with Ethernet and IPv4 without options.
  @inlinable @inline(__always)
  func plainIPv4() -> Bool {
    let isCaptured = captured >= ParserRules.plainRDMA &+ BTH.headerLength
    if isCaptured, bytes.networkUInt16(at: 36) == rules.pointee.rocePort, isDatagram(at: 14) {
      return plainRoCE()
    }
    headers.pointee = Headers()
    return ipv4(at: 14, .ethernet)
  }

  /// Whether an IPv4 packet is an unfragmented datagram of UDP. Neither the "do not fragment" and
  /// reserved flags nor the time to live matter.
  @inlinable @inline(__always)
  func isDatagram(at network: Int) -> Bool {
    bytes.networkUInt32(at: network &+ 6) & 0x3fff_00ff == 0x0000_0011
  }

  /// What nearly all packets of a RoCE fabric are: their records differ by opcode and length only,
  /// so that one made beforehand is copied.
  @inlinable @inline(__always)
  func plainRoCE() -> Bool {
    let rdma = ParserRules.plainRDMA
    // Opcode, then padding count and version, then the partition.
    let first = bytes.networkUInt16(at: rdma)
    // An opcode is below 256 by construction.
    let record = rules.pointee.plainRecords + Int(first >> 8)
    let layers = record.pointee.layers.rawValue
    let headerEnd = Int(record.pointee.offsets[HeaderSlot.payload.rawValue])
    let ipEnd = Int(bytes.networkUInt16(at: 16)) &+ 14
    let rdmaEnd = Int(bytes.networkUInt16(at: 38)) &+ 34
    let padding = Int(first >> 4 & 3)
    // The datagram lies in the IP packet, that in the frame, and the headers in what is captured.
    guard layers & Layers.bth.rawValue != 0, first & 0x0f == 0, ipEnd <= wireLength,
      rdmaEnd <= ipEnd, ipEnd <= 65535, headerEnd &+ padding &+ BTH.checkLength <= rdmaEnd
    else { return unusual() }
    let end = min(captured, ipEnd)
    guard headerEnd <= end else { return unusual() }
    if layers & Layers.deth.rawValue != 0, bytes.networkUInt32(at: rdma &+ 4) & 0xff_ffff == 1 {
      return unusual()
    }
    // Not by assignment, which goes through the stack and waits there for its own stores.
    UnsafeMutableRawPointer(headers)
      .copyMemory(from: record, byteCount: MemoryLayout<Headers>.size)
    headers.pointee.end = UInt16(truncatingIfNeeded: end)
    headers.pointee.rdmaEnd = UInt16(truncatingIfNeeded: rdmaEnd)
    if layers & Layers.aeth.rawValue != 0 { headers.pointee.judgeSyndrome(bytes) }
    return true
  }

  /// Leaves an empty record to `parseAny`.
  @inlinable @inline(__always)
  func unusual() -> Bool {
    headers.pointee = Headers()
    return false
  }

  /// A function of its own, whose arguments are registers: as a method it would make every packet
  /// put the path in memory.
  @usableFromInline @inline(never)
  static func tagged(
    _ bytes: UnsafeRawPointer, captured: Int, wireLength: Int,
    by rules: UnsafePointer<ParserRules>, into headers: UnsafeMutablePointer<Headers>
  ) -> Bool {
    StraightPath(
      bytes: bytes, captured: captured, wireLength: wireLength, rules: rules, headers: headers
    ).behindTag()
  }

  /// Behind one tag, which takes the 4 bytes from 14 on.
  @inlinable @inline(__always)
  func behindTag() -> Bool {
    guard captured >= 22 else { return false }
    headers.pointee[.vlan] = 14
    headers.pointee.vlanCount = 1
    let layers = Layers(rawValue: Layers.ethernet.rawValue | Layers.vlan.rawValue)
    let kind = bytes.networkUInt32(at: 16)
    if kind & 0xffff_ff00 == 0x0800_4500 { return ipv4(at: 18, layers) }
    return kind >> 16 == 0x86dd && ipv6(at: 18, layers)
  }

  /// IPv4 whose version and header length were seen to be 4 and 20, with UDP in it: 28 bytes.
  @inlinable @inline(__always)
  func ipv4(at network: Int, _ layers: Layers) -> Bool {
    guard captured >= network &+ 28 else { return false }
    guard isDatagram(at: network) else { return false }
    let ip = Layers(rawValue: layers.rawValue | Layers.ipv4.rawValue)
    let total = Int(bytes.networkUInt16(at: network &+ 2))
    return udp(at: network &+ 20, network, ip, length: total &- 20)
  }

  @inlinable @inline(__always)
  func ipv6(at network: Int, _ layers: Layers) -> Bool {
    guard captured >= network &+ 48 else { return false }
    let isPlain = bytes.byte(at: network) >> 4 == 6 && bytes.byte(at: network &+ 6) == 17
    guard isPlain else { return false }
    let ip = Layers(rawValue: layers.rawValue | Layers.ipv6.rawValue)
    let length = Int(bytes.networkUInt16(at: network &+ 4))
    return udp(at: network &+ 40, network, ip, length: length)
  }

  /// UDP whose header is captured, in `length` bytes of IP payload.
  @inlinable @inline(__always)
  func udp(
    at transport: Int, _ network: Int, _ layers: Layers, length: Int,
  ) -> Bool {
    // Unsigned differences reject what is too small and what is too large in one comparison.
    let datagram = Int(bytes.networkUInt16(at: transport &+ 4))
    let room = UInt(bitPattern: length &- 8)
    guard room <= UInt(bitPattern: wireLength &- transport &- 8),
      UInt(bitPattern: datagram &- 8) <= room, transport &+ length <= 65535
    else { return false }
    headers.pointee.layers = Layers(rawValue: layers.rawValue | Layers.udp.rawValue)
    headers.pointee[.network] = network
    headers.pointee[.transport] = transport
    headers.pointee[.payload] = transport &+ 8
    headers.pointee.ipProtocol = 17
    let end = min(captured, transport &+ length)
    headers.pointee.end = UInt16(truncatingIfNeeded: end)
    let port = bytes.networkUInt16(at: transport &+ 2)
    if port == rules.pointee.rocePort {
      guard roce(at: transport &+ 8, datagram &- 8, captured: end) else { return false }
    } else if rules.pointee.portFilter &>> UInt64(port & 63) & 1 != 0 {
      return false
    }
    return true
  }

  /// `length` is that of the RoCE packet on the wire.
  @inlinable @inline(__always)
  func roce(at rdma: Int, _ length: Int, captured: Int) -> Bool {
    guard rdma &+ BTH.headerLength <= captured else { return false }
    // Opcode, then padding count and version, then the partition.
    let first = bytes.networkUInt16(at: rdma)
    // An opcode is below 256 by construction.
    let layout = rules.pointee.opcodes[unchecked: Int(first >> 8)]
    let headerLength = Int(layout.headerLength)
    let padding = Int(first >> 4 & 3)
    guard layout.isAssigned, first & 0x0f == 0, rdma &+ headerLength <= captured,
      headerLength &+ padding &+ BTH.checkLength <= length
    else { return false }
    if layout.layers.rawValue & Layers.deth.rawValue != 0,
      bytes.networkUInt32(at: rdma &+ 4) & 0xff_ffff == 1
    {
      return false
    }
    headers.pointee.place(layout, at: rdma)
    if layout.layers.rawValue & Layers.aeth.rawValue != 0 {
      headers.pointee.judgeSyndrome(bytes)
    }
    headers.pointee.rdmaEnd = UInt16(truncatingIfNeeded: rdma &+ length)
    return true
  }

  /// An 802.3 packet with a sound length, behind whose Ethernet header nothing is looked at; so are
  /// the zeros that a null device makes.
  @inlinable @inline(__always)
  func logicalLink(_ length: UInt16) -> Bool {
    let end = Int(length) &+ 14
    guard length <= 1500, end <= wireLength, bytes.byte(at: 14) != 0xaa else { return false }
    headers.pointee.layers = .ethernet
    headers.pointee[.network] = 14
    headers.pointee[.payload] = 14
    headers.pointee.end = UInt16(truncatingIfNeeded: min(captured, end))
    return true
  }
}
