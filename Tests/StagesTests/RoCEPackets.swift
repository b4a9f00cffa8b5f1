// SPDX-License-Identifier: BSD-3-Clause
import Bench

/// RoCEv2 packets and messages of the communication manager between two ends.
struct RoCEPackets {
  var source = "10.0.0.1"
  var destination = "10.0.0.2"

  /// The same ends the other way.
  var back: RoCEPackets { RoCEPackets(source: destination, destination: source) }

  /// An RC send that asks for an acknowledgement.
  func send(to queuePair: UInt32, _ sequence: UInt32, asks: Bool = true) -> [UInt8] {
    transport(0x04, queuePair, sequence, asks: asks, [UInt8](repeating: 7, count: 8))
  }

  func acknowledge(to queuePair: UInt32, _ sequence: UInt32) -> [UInt8] {
    transport(0x11, queuePair, sequence, [0x1f, 0, 0, 1])
  }

  /// A congestion notification for a queue pair.
  func notify(_ queuePair: UInt32) -> [UInt8] {
    transport(0x81, queuePair, 0, [UInt8](repeating: 0, count: 16))
  }

  /// Both messages with which a queue pair of the source is connected to one of the destination.
  func connection(from mine: UInt32, to other: UInt32, _ identifier: UInt32 = 1) -> [[UInt8]] {
    [connect(from: mine, identifier), back.reply(from: other, to: identifier)]
  }

  /// A request to connect, from a queue pair.
  func connect(from queuePair: UInt32, _ identifier: UInt32, start: UInt32 = 0) -> [UInt8] {
    message(0x10, [(0, identifier, 4), (32, queuePair, 3), (44, start, 3)])
  }

  /// The reply to the request with that number.
  func reply(from queuePair: UInt32, to identifier: UInt32) -> [UInt8] {
    message(0x13, [(0, 99, 4), (4, identifier, 4), (12, queuePair, 3)])
  }

  /// A request to disconnect the receiver's queue pair.
  func disconnect(_ queuePair: UInt32) -> [UInt8] { message(0x15, [(8, queuePair, 3)]) }

  /// A management datagram to queue pair 1; numbers by their place behind its header, and width.
  private func message(_ attribute: UInt8, _ numbers: [(Int, UInt32, Int)]) -> [UInt8] {
    var datagram = [UInt8](repeating: 0, count: 256)
    datagram.replaceSubrange(0..<4, with: [1, 7, 2, 3])
    datagram[17] = attribute
    for (place, number, width) in numbers {
      datagram.replaceSubrange(24 + place..<24 + place + width, with: big(number, width))
    }
    let datagramHeader: [UInt8] = [0x80, 1, 0, 0, 0, 0, 0, 1]
    return transport(0x64, 1, 0, datagramHeader + datagram)
  }

  func transport(
    _ opcode: UInt8, _ queuePair: UInt32, _ sequence: UInt32, asks: Bool = false, _ rest: [UInt8]
  ) -> [UInt8] {
    let header: [UInt8] = [opcode, 0x40, 0xff, 0xff, 0] + big(queuePair, 3)
    let flag: [UInt8] = [asks ? 0x80 : 0]
    let body = header + flag + big(sequence & 0xff_ffff, 3) + rest + [0, 0, 0, 0]
    let version = source.contains(":") ? "ipv6" : "ipv4"
    var bytes = packet(
      "eth / \(version) \(source) > \(destination) / udp 50000 > 4791 nochecksum / \(body.count)B")
    bytes.replaceSubrange(bytes.count - body.count..<bytes.count, with: body)
    return bytes
  }

  func big(_ number: UInt32, _ width: Int) -> [UInt8] {
    (0..<width).reversed().map { UInt8(truncatingIfNeeded: number >> UInt32($0 * 8)) }
  }
}

/// The IPv4 or IPv6 packet, which is not tagged, with the congestion mark.
func marked(_ packet: [UInt8]) -> [UInt8] {
  var packet = packet
  packet[15] |= packet[12] == 0x08 ? 0x03 : 0x30
  return packet
}
