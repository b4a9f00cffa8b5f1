// SPDX-License-Identifier: BSD-3-Clause

/// A burst of packets of one form, whose headers differ: flows, queue pairs and sequence numbers.
struct Frames {
  let name: String
  private let packets: [UnsafeRawPointer]
  private let length: Int

  static var all: [Frames] {
    let ipv4: [UInt8] =
      [8, 0] + [0x45, 2, 0, 76, 0, 1, 0x40, 0, 64, 17, 0, 0] + [UInt8](repeating: 10, count: 8)
    let ipv6: [UInt8] =
      [0x86, 0xdd] + [0x60, 0, 0, 0, 0, 56, 17, 64] + [UInt8](repeating: 0xfd, count: 32)
    let roce: [UInt8] = [0xc0, 0, 0x12, 0xb7, 0, 56, 0, 0]
    let other: [UInt8] = [0xc0, 0, 0x12, 0xb8, 0, 56, 0, 0]
    let write: [UInt8] = [7, 0x40, 0xff, 0xff, 0, 0, 0, 1, 0, 0, 0, 0]
    let acknowledge: [UInt8] = [17, 0x40, 0xff, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 0x1f, 0, 0, 1]
    let tag: [UInt8] = [0x81, 0, 0x60, 7]
    return [
      Frames("RoCEv2 WRITE Middle, IPv4", ipv4 + roce + write),
      Frames("RoCEv2 WRITE Middle, VLAN, IPv4", tag + ipv4 + roce + write),
      Frames("RoCEv2 WRITE Middle, IPv6", ipv6 + roce + write),
      Frames("RoCEv2 WRITE Middle, VLAN, IPv6", tag + ipv6 + roce + write),
      Frames("RoCEv2 ACK, IPv4", ipv4 + roce + acknowledge),
      Frames("other UDP, IPv4", ipv4 + other + write),
      Frames("RoCEv2 WRITE Middle, two tags", tag + tag + ipv4 + roce + write),
    ]
  }

  /// `headers` follow the two Ethernet addresses.
  init(_ name: String, _ headers: [UInt8]) {
    self.name = name
    let payload = 76 - 20 - 8 - 12
    let frame = [UInt8](repeating: 2, count: 12) + headers + [UInt8](repeating: 0, count: payload)
    length = frame.count
    // Not a power of two apart, as packet buffers are not.
    let room = 2368
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 64 * room, alignment: 64)
    for index in 0..<64 {
      let packet = memory + index * room + 128
      packet.copyMemory(from: frame, byteCount: frame.count)
      packet.storeBytes(of: UInt8(index), toByteOffset: 6, as: UInt8.self)
      packet.storeBytes(of: UInt8(index), toByteOffset: frame.count - payload - 1, as: UInt8.self)
      packet.storeBytes(of: UInt8(index), toByteOffset: frame.count - payload - 5, as: UInt8.self)
    }
    packets = (0..<64).map { UnsafeRawPointer(memory + $0 * room + 128) }
  }

  /// Cycles a packet, the packets and their records in the cache.
  func cost() -> (least: Double, median: Double) {
    let parser = Parser()
    let records = UnsafeMutablePointer<Headers>.allocate(capacity: 64)
    defer { records.deallocate() }
    records.initialize(repeating: Headers(), count: 64)
    var rounds = (0..<20_000).map { _ in
      let start = ticks()
      for index in 0..<64 {
        parse(
          packets[index], captured: length, wireLength: length, link: .ethernet,
          by: parser.rules, into: records + index)
      }
      return ticks() - start
    }
    guard (0..<64).allSatisfy({ records[$0].malformation == .none }) else { return (0, 0) }
    rounds.sort()
    return (Double(rounds[0]) / 64, Double(rounds[rounds.count / 2]) / 64)
  }
}
