// SPDX-License-Identifier: BSD-3-Clause

/// A packet of a capture file, with all that the file says of it.
public struct FilePacket: Equatable, Sendable {
  public var bytes: [UInt8]
  public var nanoseconds: UInt64
  public var originalLength: Int
  /// The link type's number in files.
  public var link: Int
  public var comment: String?
}

/// A reader of what Sluice writes that shares no code with it: little-endian pcap and pcapng.
public struct CaptureFile {
  public private(set) var packets: [FilePacket] = []
  /// What is wrong with the file, if anything.
  public private(set) var damage: String?

  private var links: [Int] = []

  public init(path: String) { self.init(Folder.bytes(of: path)) }

  public init(_ bytes: [UInt8]) {
    switch bytes.number(at: 0, 4) {
    case 0x0a0d_0d0a: readBlocks(bytes)
    case 0xa1b2_3c4d: readRecords(bytes, fraction: 1)
    case 0xa1b2_c3d4: readRecords(bytes, fraction: 1000)
    default: damage = "neither pcap nor pcapng"
    }
  }

  /// Classic pcap: a header of 24 bytes, then records.
  private mutating func readRecords(_ bytes: [UInt8], fraction: UInt64) {
    let link = bytes.number(at: 20, 4) ?? 0
    var place = 24
    while place < bytes.count {
      guard let seconds = bytes.number(at: place, 4), let part = bytes.number(at: place + 4, 4),
        let kept = bytes.number(at: place + 8, 4), let length = bytes.number(at: place + 12, 4),
        place + 16 + kept <= bytes.count
      else { return damage = "cut at byte \(place)" }
      packets.append(
        FilePacket(
          bytes: Array(bytes[(place + 16)...].prefix(kept)),
          nanoseconds: UInt64(seconds) * 1_000_000_000 + UInt64(part) * fraction,
          originalLength: length, link: link))
      place += 16 + kept
    }
  }

  /// pcapng: blocks of a type, a length, a body and the length again.
  private mutating func readBlocks(_ bytes: [UInt8]) {
    var place = 0
    while place < bytes.count {
      guard let type = bytes.number(at: place, 4), let length = bytes.number(at: place + 4, 4),
        length >= 12, length % 4 == 0, place + length <= bytes.count,
        bytes.number(at: place + length - 4, 4) == length
      else { return damage = "cut at byte \(place)" }
      let body = Array(bytes[(place + 8)..<(place + length - 4)])
      switch type {
      case 1: readInterface(body)
      case 6: readPacket(body)
      default: break
      }
      place += length
    }
  }

  private mutating func readInterface(_ body: [UInt8]) {
    links.append(body.number(at: 0, 2) ?? 0)
    // if_tsresol: powers of ten of a second.
    if body.options(from: 8).first(where: { $0.code == 9 })?.value != [9] {
      damage = "an interface's times are not in nanoseconds"
    }
  }

  private mutating func readPacket(_ body: [UInt8]) {
    guard let interface = body.number(at: 0, 4), links.indices.contains(interface),
      let high = body.number(at: 4, 4), let low = body.number(at: 8, 4),
      let kept = body.number(at: 12, 4), let length = body.number(at: 16, 4),
      20 + kept <= body.count
    else { return damage = "a packet block that is not whole" }
    let comment = body.options(from: 20 + (kept + 3) / 4 * 4).first { $0.code == 1 }
    packets.append(
      FilePacket(
        bytes: Array(body[20...].prefix(kept)), nanoseconds: UInt64(high) << 32 | UInt64(low),
        originalLength: length, link: links[interface],
        comment: comment.map { String(decoding: $0.value, as: UTF8.self) }))
  }
}

extension [UInt8] {
  /// A little-endian number of so many bytes, or nil past the end.
  fileprivate func number(at place: Int, _ width: Int) -> Int? {
    guard place + width <= count else { return nil }
    return self[place..<(place + width)].reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// The options of a pcapng block: code, length, value, padding.
  fileprivate func options(from start: Int) -> [(code: Int, value: [UInt8])] {
    var options: [(Int, [UInt8])] = []
    var place = start
    while let code = number(at: place, 2), let length = number(at: place + 2, 2), code != 0,
      place + 4 + length <= count
    {
      options.append((code, Array(self[(place + 4)..<(place + 4 + length)])))
      place += 4 + (length + 3) / 4 * 4
    }
    return options
  }
}
