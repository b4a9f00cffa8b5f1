// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// Which queue pair a packet goes to, and where it comes from: addresses as they are in the packet.
struct QueuePairKey: Hashable, BitwiseCopyable {
  /// What the addresses are.
  enum Network: UInt8, BitwiseCopyable {
    case none, ipv4, ipv6, grh, lrh
  }

  /// Source and destination, in the machine's order: of IPv4 the two in the first word, of IPv6 and
  /// the GRH two words each, of the LRH the local identifiers in the first two.
  var words = SIMD4<UInt64>()
  /// Queue pair in the lower 24 bits, network above.
  var number: UInt32 = 0

  init() {}

  @inline(__always)
  static func == (left: QueuePairKey, right: QueuePairKey) -> Bool {
    let difference = left.words ^ right.words
    return (difference.x | difference.y | difference.z | difference.w) == 0
      && left.number == right.number
  }

  var queuePair: UInt32 { number & 0xff_ffff }
  var network: Network { Network(rawValue: UInt8(truncatingIfNeeded: number >> 24)) ?? .none }

  /// The addresses next to the BTH: of a tunnelled packet the inner ones.
  @inline(__always)
  init(_ headers: UnsafePointer<Headers>, _ bytes: UnsafeRawPointer) {
    let layers = headers.pointee.layers
    let queuePair = bytes.networkUInt32(at: headers.pointee[.rdma] + 4) & 0xff_ffff
    let isInner = layers.rawValue & Layers.innerIP.rawValue != 0
    let ip = headers.pointee[isInner ? .innerNetwork : .network]
    let network: Network
    if layers.rawValue & Layers.grh.rawValue != 0 {
      network = .grh
      words = bytes.addresses(at: headers.pointee[.route] + 8)
    } else if layers.rawValue & (isInner ? Layers.innerIPv4 : Layers.ipv4).rawValue != 0 {
      network = .ipv4
      words.x = bytes.networkUInt64(at: ip + 12)
    } else if layers.rawValue & (isInner ? Layers.innerIPv6 : Layers.ipv6).rawValue != 0 {
      network = .ipv6
      words = bytes.addresses(at: ip + 8)
    } else if layers.rawValue & Layers.lrh.rawValue != 0 {
      network = .lrh
      words.x = UInt64(bytes.networkUInt32(at: 6) >> 16)
      words.y = UInt64(bytes.networkUInt32(at: 2) >> 16)
    } else {
      network = .none
    }
    number = queuePair | UInt32(network.rawValue) << 24
  }

  /// The ECN codepoint of the same header; 4 where that has none.
  @inline(__always)
  func ecn(_ headers: UnsafePointer<Headers>, _ bytes: UnsafeRawPointer) -> Int {
    let isInner = headers.pointee.layers.rawValue & Layers.innerIP.rawValue != 0
    let ip = headers.pointee[isInner ? .innerNetwork : .network]
    switch network {
    case .ipv4: return Int(bytes.byte(ip + 1) & 3)
    case .ipv6: return Int(bytes.byte(ip + 1) >> 4 & 3)
    case .grh: return Int(bytes.byte(headers.pointee[.route] + 1) >> 4 & 3)
    case .lrh, .none: return 4
    }
  }

  /// Source and destination as people write them.
  var addresses: (source: String, destination: String) {
    switch network {
    case .none: ("-", "-")
    case .ipv4:
      (
        IPv4Address(value: UInt32(truncatingIfNeeded: words.x >> 32)).description,
        IPv4Address(value: UInt32(truncatingIfNeeded: words.x)).description
      )
    case .ipv6, .grh:
      (
        IPv6Address(high: words.x, low: words.y).description,
        IPv6Address(high: words.z, low: words.w).description
      )
    case .lrh: ("lid \(words.x)", "lid \(words.y)")
    }
  }

  /// The queue pair itself, wherever the packets come from.
  var target: QueuePairKey {
    var target = self
    switch network {
    case .ipv4: target.words.x &= 0xffff_ffff
    case .ipv6, .grh: target.words.lowHalf = SIMD2()
    case .lrh: target.words.x = 0
    case .none: break
    }
    return target
  }
}

extension UnsafeRawPointer {
  @inline(__always)
  fileprivate func byte(_ offset: Int) -> UInt8 { load(fromByteOffset: offset, as: UInt8.self) }

  /// Two addresses of 16 bytes, one behind the other.
  @inline(__always)
  fileprivate func addresses(at offset: Int) -> SIMD4<UInt64> {
    SIMD4(
      networkUInt64(at: offset), networkUInt64(at: offset + 8),
      networkUInt64(at: offset + 16), networkUInt64(at: offset + 24))
  }
}
