// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// What parsers go by that know one port of iWARP, that of the shared captures.
nonisolated(unsafe) let rulesWithIWARP: UnsafePointer<ParserRules> = {
  var options = ParserOptions()
  options.iwarpPorts = [IWARPSamples.port]
  let rules = UnsafeMutablePointer<ParserRules>.allocate(capacity: 1)
  rules.initialize(to: ParserRules(options))
  return UnsafePointer(rules)
}()

/// TCP segments of iWARP, put together from the headers that words name.
enum IWARPSamples {
  /// That of the shared captures.
  static let port: UInt16 = 4210

  /// "MPA ID Req Frame" or "MPA ID Rep Frame", flags, revision, and how much private data follows.
  static func start(
    reply: Bool, flags: UInt8 = 0xc0, revision: UInt8 = 1, privateData: UInt16 = 4
  ) -> [UInt8] {
    Array("MPA ID Re\(reply ? "p" : "q") Frame".utf8) + [flags, revision]
      + PacketSamples.two(privateData) + [1, 2, 3, 4]
  }

  /// A frame around a DDP segment: length, padding, and the CRC or 0 in its place.
  static func frame(_ segment: [UInt8], hasCheck: Bool = true) -> [UInt8] {
    let length = PacketSamples.two(UInt16(segment.count))
    let body = length + segment + [UInt8](repeating: 0, count: (2 &- segment.count) & 3)
    return body + (hasCheck ? check(of: body) : [0, 0, 0, 0])
  }

  /// The CRC, low byte first, by its definition.
  static func check(of bytes: [UInt8]) -> [UInt8] {
    let value = ~bytes.reduce(UInt32.max) { remainder, byte in
      (0..<8).reduce(remainder ^ UInt32(byte)) { remainder, _ in
        remainder >> 1 ^ (remainder & 1 == 0 ? 0 : 0x82f6_3b78)
      }
    }
    return [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  static func tagged(_ opcode: UInt8, _ payload: [UInt8]) -> [UInt8] {
    [0xc1, 0x40 | opcode, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0x10, 0] + payload
  }

  static func untagged(_ opcode: UInt8, queue: UInt8, _ payload: [UInt8]) -> [UInt8] {
    [0x41, 0x40 | opcode, 0, 0, 0, 9, 0, 0, 0, queue, 0, 0, 0, 1, 0, 0, 0, 0] + payload
  }

  static let write = frame(tagged(0, Array("write".utf8)))
  static let readResponse = frame(tagged(2, Array("response".utf8)))
  static let send = frame(untagged(3, queue: 0, Array("send".utf8)))
  static let sendInvalidate = frame(untagged(4, queue: 0, Array("sent".utf8)), hasCheck: false)
  static let readRequest = frame(untagged(1, queue: 1, (0..<28).map { UInt8($0) }))
  static let terminate = frame(untagged(7, queue: 2, [0x12, 0x34, 0, 0]))
  /// Says that it is shorter than its own header.
  static let shortSend = [0, 17] + send.dropFirst(2)

  /// A frame behind a marker, with one every 512 bytes.
  static func marked(_ segment: [UInt8]) -> [UInt8] {
    let length = PacketSamples.two(UInt16(segment.count))
    let body = length + segment + [UInt8](repeating: 0, count: (2 &- segment.count) & 3)
    var stream: [UInt8] = []
    for byte in body {
      if stream.count % 512 == 0 { stream += marker(stream.count) }
      stream.append(byte)
    }
    if stream.count % 512 == 0 { stream += marker(stream.count) }
    return stream + check(of: stream)
  }

  /// Two reserved bytes, and how far back the frame begins, which is behind the first one.
  private static func marker(_ place: Int) -> [UInt8] {
    [0, 0] + PacketSamples.two(UInt16(max(place - 4, 0)))
  }

  static func segment(_ payload: [UInt8], from source: UInt16 = 1024, to port: UInt16 = port)
    -> [UInt8]
  {
    let header =
      PacketSamples.two(source) + PacketSamples.two(port)
      + [0, 0, 0, 1, 0, 0, 0, 2, 0x50, 0x18, 0x20, 0, 0, 0, 0, 0]
    return PacketSamples.ethernet(0x0800, PacketSamples.ipv4(6, header + payload))
  }

  static let payloads: [[UInt8]] = [
    start(reply: false), start(reply: true, flags: 0x20, revision: 2), write, readResponse, send,
    sendInvalidate, readRequest, terminate, marked(untagged(3, queue: 0, Array("send".utf8))),
    marked(tagged(0, [UInt8](repeating: 5, count: 1000))), send + write,
  ]

  static let all: [(bytes: [UInt8], link: LinkType)] = payloads.map { (segment($0), .ethernet) }

  /// Packets that are wrong in ways which small changes to sound ones hardly find.
  static let unsound: [(bytes: [UInt8], link: LinkType)] = [
    (segment(start(reply: true, privateData: 600)), .ethernet), (segment(shortSend), .ethernet),
    (segment([0, 22, 0x40] + send.dropFirst(3)), .ethernet),
    (segment(Array(send.prefix(3)) + [0x03] + send.dropFirst(4)), .ethernet),
  ]
}
