// SPDX-License-Identifier: BSD-3-Clause

/// 64 parsed packets as the engine has them: records side by side, packets in buffers far apart.
struct Packets: PacketSource, ~Copyable {
  let records: UnsafeMutablePointer<Headers>
  let starts: UnsafeMutablePointer<UnsafeMutableRawPointer>

  init() {
    records = .allocate(capacity: 64)
    records.initialize(repeating: Headers(), count: 64)
    starts = .allocate(capacity: 64)
    // Not a power of two apart, as packet buffers are not.
    let room = 2368
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 64 * room, alignment: 64)
    for index in 0..<64 { (starts + index).initialize(to: memory + index * room + 128) }
  }

  func headers(_ index: Int) -> UnsafePointer<Headers> { UnsafePointer(records + index) }
  func bytes(_ index: Int) -> UnsafeRawPointer { UnsafeRawPointer(starts[index]) }
  func wireLength(_ index: Int) -> UInt32 { 82 }
  func capturedLength(_ index: Int) -> UInt32 { 82 }
  func piece(_ index: Int, from offset: Int) -> PacketPiece? { nil }

  /// Makes a packet a datagram over IPv4 or IPv6.
  func fill(_ index: Int, _ tuple: Tuple) {
    let start = starts[index]
    if !records[index].layers.contains(tuple.isIPv6 ? .ipv6 : .ipv4) { make(index, tuple.isIPv6) }
    if tuple.isIPv6 {
      start.storeBytes(of: tuple.source.high.bigEndian, toByteOffset: 22, as: UInt64.self)
      start.storeBytes(of: tuple.source.low.bigEndian, toByteOffset: 30, as: UInt64.self)
      start.storeBytes(of: tuple.destination.high.bigEndian, toByteOffset: 38, as: UInt64.self)
      start.storeBytes(of: tuple.destination.low.bigEndian, toByteOffset: 46, as: UInt64.self)
    } else {
      let addresses = tuple.source.low << 32 | tuple.destination.low
      start.storeBytes(of: addresses.bigEndian, toByteOffset: 26, as: UInt64.self)
    }
    let ports = UInt32(tuple.sourcePort) << 16 | UInt32(tuple.destinationPort)
    start.storeBytes(of: ports.bigEndian, toByteOffset: tuple.isIPv6 ? 54 : 34, as: UInt32.self)
  }

  private func make(_ index: Int, _ isIPv6: Bool) {
    let parser = Parser()
    var bytes: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2]
    let udp: [UInt8] = [0, 0, 0, 0, 0, 32, 0, 0] + [UInt8](repeating: 0, count: 24)
    bytes +=
      isIPv6
      ? [0x86, 0xdd, 0x60, 0, 0, 0, 0, 32, 17, 64] + [UInt8](repeating: 0xfd, count: 32)
      : [8, 0, 0x45, 0, 0, 52, 0, 1, 0x40, 0, 64, 17, 0, 0] + [UInt8](repeating: 10, count: 8)
    bytes += udp
    starts[index].copyMemory(from: bytes, byteCount: bytes.count)
    parse(
      starts[index], captured: bytes.count, wireLength: bytes.count, link: .ethernet,
      by: parser.rules, into: records + index)
  }
}

/// What tells flows apart. An IPv4 address is in the lower half.
struct Tuple {
  var isIPv6 = false
  var source = IPv6Address(high: 0, low: 0)
  var destination = IPv6Address(high: 0, low: 0)
  var sourcePort: UInt16 = 0
  var destinationPort: UInt16 = 0
}

/// A small, fast generator, so that runs are alike (Steele et al. 2014).
struct Generator: RandomNumberGenerator {
  private var state: UInt64 = 1

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
    return value ^ value >> 31
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
