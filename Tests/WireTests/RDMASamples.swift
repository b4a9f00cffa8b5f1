// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// Sound packets of fabrics: RoCE in all its forms, InfiniBand, labels and MAC control.
enum RDMASamples {
  /// A base transport header for QP 0x11, what follows it, and 4 bytes where the CRC would be.
  static func transport(
    _ opcode: Opcode, _ rest: [UInt8] = [], padding: UInt8 = 0, pair: [UInt8] = [0, 0, 0x11]
  ) -> [UInt8] {
    [opcode.rawValue, padding << 4, 0xff, 0xff, 0] + pair + [0x80, 0, 0, 7] + rest
      + Array("ICRC".utf8)
  }

  static func roceV2(_ transport: [UInt8]) -> [UInt8] {
    PacketSamples.ethernet(
      0x0800, PacketSamples.ipv4(17, PacketSamples.udp(transport, destination: 4791)))
  }

  static func roceV2(overIPv6 transport: [UInt8]) -> [UInt8] {
    PacketSamples.ethernet(
      0x86dd, PacketSamples.ipv6(17, PacketSamples.udp(transport, destination: 4791)))
  }

  static func tagged(_ packet: [UInt8]) -> [UInt8] {
    Array(packet[..<12]) + [0x81, 0, 0x60, 7] + packet[12...]
  }

  static func globalRoute(_ rest: [UInt8], next: UInt8 = 0x1b) -> [UInt8] {
    [0x60, 0, 0, 0] + PacketSamples.two(UInt16(rest.count)) + [next, 1]
      + [UInt8](repeating: 0xfe, count: 32) + rest
  }

  static func roceV1(_ transport: [UInt8]) -> [UInt8] {
    PacketSamples.ethernet(0x8915, globalRoute(transport))
  }

  /// A local route header whose length counts words, what it announces, and the variant CRC.
  static func localRoute(_ next: UInt8, _ rest: [UInt8]) -> [UInt8] {
    [0, next, 0, 2] + PacketSamples.two(UInt16((8 + rest.count) / 4)) + [0, 1] + rest + [0, 0]
  }

  static func message(_ attribute: UInt8) -> [UInt8] {
    let header: [UInt8] = [1, 7, 2, 3] + Array(repeating: 0, count: 12) + [0, attribute]
    let datagram = header + [UInt8](repeating: 5, count: 256 - header.count)
    return transport(
      Opcode(.unreliableDatagram, .sendOnly), [0x80, 1, 0, 0, 0, 0, 0, 1] + datagram,
      pair: [0, 0, 1])
  }

  static func acknowledge(_ syndrome: UInt8) -> [UInt8] {
    transport(Opcode(.reliableConnection, .acknowledge), [syndrome, 0, 0, 9])
  }

  /// Every opcode there is, with what it needs and 8 bytes of payload.
  static let transports: [[UInt8]] = (0...255).map { UInt8($0) }.map(Opcode.init)
    .filter(\.isAssigned).map { transport($0, Array(repeating: 3, count: 48)) }

  static let pause = PacketSamples.ethernet(0x8808, [0, 1, 0, 9] + Array(repeating: 0, count: 42))
  static let priorityPause = PacketSamples.ethernet(
    0x8808, [1, 1, 0, 8] + (0..<16).map { UInt8($0) } + Array(repeating: 0, count: 26))
  static let labels = PacketSamples.ethernet(
    0x8847, [0, 1, 0x02, 64, 0, 2, 0x05, 63] + PacketSamples.ipv4(17, PacketSamples.udp()))

  /// Packets that are wrong in ways which small changes to sound ones hardly find.
  static let unsound: [(bytes: [UInt8], link: LinkType)] = [
    (PacketSamples.ethernet(0x8847, Array(repeating: 0, count: 40)), .ethernet),
    (
      roceV2(
        transport(
          Opcode(.unreliableDatagram, .sendOnly),
          [0x80, 1, 0, 0, 0, 0, 0, 1, 1, 7, 2, 3, 0, 0], pair: [0, 0, 1])), .ethernet
    ),
    (localRoute(2, []), .infiniband),
  ]

  static let all: [(bytes: [UInt8], link: LinkType)] =
    transports.enumerated().map { index, transport in
      let forms: [([UInt8]) -> [UInt8]] = [
        { roceV2($0) }, { roceV2(overIPv6: $0) }, { tagged(roceV2($0)) }, roceV1,
      ]
      return (forms[index % forms.count](transport), .ethernet)
    } + [
      (roceV2(acknowledge(0x1f)), .ethernet), (roceV2(acknowledge(0x60)), .ethernet),
      (roceV2(acknowledge(0x2e)), .ethernet), (tagged(roceV2(overIPv6: message(0x10))), .ethernet),
      (roceV2(message(0x13)), .ethernet), (roceV2(message(0x12)), .ethernet),
      (roceV1(message(0x15)), .ethernet), (pause, .ethernet), (priorityPause, .ethernet),
      (labels, .ethernet),
      (
        localRoute(2, transport(Opcode(.unreliableDatagram, .sendOnly), [9, 9, 9, 9, 0, 0, 0, 2])),
        .infiniband
      ),
      (localRoute(3, globalRoute(transport(.cnp, Array(repeating: 0, count: 16)))), .infiniband),
      (localRoute(1, globalRoute([1, 2, 3, 4])), .infiniband),
    ]
}
