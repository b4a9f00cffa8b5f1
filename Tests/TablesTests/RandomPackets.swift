// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// 64 packets of all kinds: either version of IP or none, with tags, cut short, damaged.
final class RandomPackets: PacketSource {
  private static let room = 256
  private let records = UnsafeMutablePointer<Headers>.allocate(capacity: 64)
  private let memory = UnsafeMutableRawPointer.allocate(byteCount: 64 * room, alignment: 64)
  private var lengths: [(wire: Int, captured: Int)] = []

  init(_ random: inout SeededGenerator) {
    let parser = Parser()
    records.initialize(repeating: Headers(), count: 64)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: 64 * Self.room)
    for index in 0..<64 {
      var packet = Self.packet(&random)
      if random.isOneIn(16) { packet[random.below(packet.count)] = UInt8(random.below(256)) }
      let captured = random.isOneIn(8) ? random.below(packet.count) + 1 : packet.count
      lengths.append((packet.count, captured))
      let start = memory + index * Self.room
      UnsafeMutableRawBufferPointer(start: start, count: captured)
        .copyBytes(from: packet.prefix(captured))
      parse(
        start, captured: captured, wireLength: packet.count, link: .ethernet, by: parser.rules,
        into: records + index)
      records[index].priority = UInt8(random.below(8))
    }
  }

  deinit {
    records.deallocate()
    memory.deallocate()
  }

  func headers(_ index: Int) -> UnsafePointer<Headers> { UnsafePointer(records + index) }
  func bytes(_ index: Int) -> UnsafeRawPointer { UnsafeRawPointer(memory + index * Self.room) }
  func wireLength(_ index: Int) -> UInt32 { UInt32(lengths[index].wire) }
  func capturedLength(_ index: Int) -> UInt32 { UInt32(lengths[index].captured) }
  func piece(_ index: Int, from offset: Int) -> PacketPiece? { nil }

  private static func packet(_ random: inout SeededGenerator) -> [UInt8] {
    let addresses: [UInt8] = [2, 0, 0, 0, 0, UInt8(random.below(3)), 2, 0, 0, 0, 0, 1]
    let tag =
      random.isOneIn(4) ? [0x81, 0, UInt8(random.below(2)) << 5, UInt8(random.below(3))] : []
    let network: [UInt8] =
      switch random.below(8) {
      case 0: [8, 6] + Array(repeating: 0, count: 28)
      case 1...3: [0x86, 0xdd] + ipv6(&random)
      default: [8, 0] + ipv4(&random)
      }
    return addresses + tag + network
  }

  private static func ipv4(_ random: inout SeededGenerator) -> [UInt8] {
    let (kind, transport) = transport(&random)
    let mark = UInt8(random.pick([0, 2, 104, 106]))
    return [0x45, mark] + two(20 + transport.count) + [0, 1, 0x40, 0, UInt8(63 + random.below(2))]
      + [kind, 0, 0] + four(random.ipv4()) + four(random.ipv4()) + transport
  }

  private static func ipv6(_ random: inout SeededGenerator) -> [UInt8] {
    let (kind, transport) = transport(&random)
    return [0x60, 0, 0, 0] + two(transport.count) + [kind, UInt8(63 + random.below(2))]
      + sixteen(random.ipv6()) + sixteen(random.ipv6()) + transport
  }

  private static func transport(_ random: inout SeededGenerator) -> (UInt8, [UInt8]) {
    let ports = two(Int(random.port())) + two(Int(random.port()))
    switch random.below(4) {
    case 0: return (6, ports + [0, 0, 0, 1, 0, 0, 0, 2, 0x50, 0x18, 1, 0, 0, 0, 0, 0])
    case 1: return (1, [8, 0, 0, 0, 0, 1, 0, 1])
    default:
      let opcode = UInt8(random.pick([4, 6, 10, 17, 129]))
      let base: [UInt8] = [opcode, 0x40, 0xff, 0xff, 0, 0, 0, UInt8(random.below(4))]
      let sequence: [UInt8] = [0, 0, UInt8(random.below(2)), UInt8(random.below(4))]
      let padding = [UInt8](repeating: 0, count: 40)
      return (17, ports + two(8 + 52) + [0, 0] + base + sequence + padding)
    }
  }

  private static func two(_ value: Int) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xff)] }

  private static func four(_ address: IPv4Address) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: address.value >> UInt32(24 - 8 * $0)) }
  }

  private static func sixteen(_ address: IPv6Address) -> [UInt8] {
    [address.high, address.low].flatMap { half in
      (0..<8).map { UInt8(truncatingIfNeeded: half >> UInt64(56 - 8 * $0)) }
    }
  }
}
