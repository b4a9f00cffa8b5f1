// SPDX-License-Identifier: BSD-3-Clause

/// A parse under way: which bytes may be read, and what was found so far.
///
/// Each protocol adds a method that reads its header and calls the one for what follows. All
/// offsets stay below `readable` plus one header, so sums of them cannot overflow. Calls nest only
/// as deep as the options let tunnels nest.
struct HeaderWalk {
  let bytes: UnsafeRawPointer
  /// The bytes that may be read: the captured ones, up to where the network packet ends.
  var readable: Int
  /// Where the network packet ends on the wire; past `readable` when a snap length cut it.
  var wireEnd: Int
  /// What was found so far, in its place: a copy at the end would wait for the small stores.
  let headers: UnsafeMutablePointer<Headers>
  let rules: UnsafePointer<ParserRules>
  /// Where the outer network packet ends, once a tunnel was entered.
  var outerEnd: Int?

  /// Offsets and `end` have 16 bits, so what lies beyond them counts as not captured.
  init(
    _ bytes: UnsafeRawPointer, captured: Int, wireLength: Int,
    by rules: UnsafePointer<ParserRules>, into headers: UnsafeMutablePointer<Headers>
  ) {
    self.bytes = bytes
    self.rules = rules
    self.headers = headers
    headers.pointee = Headers()
    readable = min(max(captured, 0), Int(UInt16.max))
    wireEnd = max(wireLength, readable)
  }

  func has(_ count: Int, at offset: Int) -> Bool { offset + count <= readable }

  /// Keeps the first thing that is wrong; what is named later often follows from it.
  func note(_ malformation: Malformation) {
    if headers.pointee.malformation == .none { headers.pointee.malformation = malformation }
  }

  /// Leaves out what follows `end`: padding, or bytes that no header accounts for.
  mutating func limit(to end: Int) {
    wireEnd = min(wireEnd, end)
    readable = min(readable, end)
  }
}

/// The same headers are found in a packet and in the one that a tunnel carries; the record has a
/// place of its own for most of the latter's.
extension HeaderWalk {
  var isInner: Bool { headers.pointee.tunnelCount > 0 }

  /// Whether this packet, outer or inner, has the layer.
  func has(_ layer: Layers) -> Bool {
    headers.pointee.layers.contains(isInner ? layer.withinTunnel ?? [] : layer)
      && (!isInner || layer.withinTunnel != nil)
  }

  func found(_ layer: Layers) {
    guard isInner else { return headers.pointee.layers.formUnion(layer) }
    if let inner = layer.withinTunnel { headers.pointee.layers.formUnion(inner) }
  }

  func place(_ slot: HeaderSlot, _ offset: Int) {
    guard isInner else { return headers.pointee[slot] = offset }
    if let inner = slot.withinTunnel { headers.pointee[inner] = offset }
  }

  /// The next byte that no header covers.
  func payload(at offset: Int) { headers.pointee[.payload] = offset }

  var ipProtocol: UInt8 {
    get { isInner ? headers.pointee.innerProtocol : headers.pointee.ipProtocol }
    nonmutating set {
      if isInner {
        headers.pointee.innerProtocol = newValue
      } else {
        headers.pointee.ipProtocol = newValue
      }
    }
  }
}

extension Layers {
  /// What the layer is called in the packet that a tunnel carries; nil where that has no name.
  var withinTunnel: Layers? {
    switch self {
    case .ethernet: .innerEthernet
    case .vlan: .innerVLAN
    case .ipv4: .innerIPv4
    case .ipv6: .innerIPv6
    case .fragment: .innerFragment
    case .udp: .innerUDP
    case .tcp: .innerTCP
    case .icmp: .innerICMP
    case .icmpv6: .innerICMPv6
    default: nil
    }
  }
}

extension HeaderSlot {
  var withinTunnel: HeaderSlot? {
    switch self {
    case .link: .innerLink
    case .vlan: .innerVLAN
    case .network: .innerNetwork
    case .transport: .innerTransport
    default: nil
    }
  }
}
