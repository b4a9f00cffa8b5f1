// SPDX-License-Identifier: BSD-3-Clause
import Glibc
import Wire

/// A packet of a capture file, as the tests need it.
struct CapturedPacket {
  let bytes: [UInt8]
  let wireLength: Int
  /// Nil for link types that `LinkType` does not have.
  let link: LinkType?

  /// The headers that the parser finds.
  func parsed(by rules: UnsafePointer<ParserRules> = standardRules) -> Headers {
    bytes.withUnsafeBytes { buffer in
      guard let start = buffer.baseAddress else { return Headers() }
      return Headers(
        parsing: start, captured: bytes.count, wireLength: wireLength, link: link ?? .ethernet,
        by: rules)
    }
  }

  /// The packets of a little-endian pcapng file such as mergecap writes.
  static func read(_ path: String) -> [CapturedPacket] {
    let file = contents(of: path)
    var links: [LinkType?] = []
    var packets: [CapturedPacket] = []
    var block = 0
    while block + 12 <= file.count {
      switch word(file, block) {
      case 1: links.append(linkType(word(file, block + 8) & 0xffff))
      case 6:
        let captured = word(file, block + 20)
        let bytes = Array(file[(block + 28)..<(block + 28 + captured)])
        let link = links[word(file, block + 8)]
        packets.append(
          CapturedPacket(bytes: bytes, wireLength: word(file, block + 24), link: link))
      default: break
      }
      block += word(file, block + 4)
    }
    return packets
  }

  private static func word(_ file: [UInt8], _ offset: Int) -> Int {
    (0..<4).reduce(0) { $0 | Int(file[offset + $1]) << (8 * $1) }
  }

  private static func linkType(_ number: Int) -> LinkType? {
    switch number {
    case 1: .ethernet
    case 101, 228, 229: .rawIP
    case 113: .linuxCooked
    case 276: .linuxCooked2
    case 0, 108: .loopback
    default: nil
    }
  }

  static func contents(of path: String) -> [UInt8] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    fseek(file, 0, SEEK_END)
    let size = ftell(file)
    rewind(file)
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = fread(buffer.baseAddress, 1, size, file)
    }
  }
}
