// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Wire

/// A packet from the first header that its ICRC covers to the last byte in front of the ICRC.
struct RoCEPacket {
  /// The headers in front of what follows the BTH.
  enum Start: CaseIterable, CustomTestStringConvertible {
    case ipv4, ipv6, grh, lrh

    var headers: [ICRCHeader] {
      switch self {
      case .ipv4: [.ipv4, .udp, .bth]
      case .ipv6: [.ipv6, .udp, .bth]
      case .grh: [.ipv6, .bth]
      case .lrh: [.lrh, .bth]
      }
    }

    var length: Int { headers.reduce(0) { $0 + $1.length } }

    /// What may change on the way, by the byte: from the table of RoCE's and InfiniBand's fields.
    var variant: [Int: UInt8] {
      switch self {
      case .ipv4: [1: 0xff, 8: 0xff, 10: 0xff, 11: 0xff, 26: 0xff, 27: 0xff, 32: 0xff]
      case .ipv6: [0: 0x0f, 1: 0xff, 2: 0xff, 3: 0xff, 7: 0xff, 46: 0xff, 47: 0xff, 52: 0xff]
      case .grh: [0: 0x0f, 1: 0xff, 2: 0xff, 3: 0xff, 7: 0xff, 44: 0xff]
      case .lrh: [0: 0xf0, 12: 0xff]
      }
    }

    var testDescription: String { "\(self)" }
  }

  let start: Start
  var bytes: [UInt8]
  /// The ICRC that came with it.
  var stored: UInt32 = 0

  var icrc: UInt32 { icrc(inPiecesOf: .max) }

  func icrc(inPiecesOf size: Int) -> UInt32 {
    bytes.withUnsafeBytes { buffer in
      guard let first = buffer.baseAddress, buffer.count >= start.length else { return 0 }
      var icrc = begin(first)
      var place = start.length
      while place < buffer.count {
        let count = min(size, buffer.count - place)
        icrc.add(first + place, count: count)
        place += count
      }
      return icrc.value
    }
  }

  private func begin(_ headers: UnsafeRawPointer) -> ICRC {
    switch start {
    case .ipv4: ICRC(ipv4: headers)
    case .ipv6: ICRC(ipv6: headers)
    case .grh: ICRC(grh: headers)
    case .lrh: ICRC(lrh: headers)
    }
  }

  /// The definition: CRC-32 of the bytes with ones for what may change, over Ethernet behind ones.
  var definedICRC: UInt32 {
    var masked = bytes
    for (place, bits) in start.variant { masked[place] |= bits }
    let ones = [UInt8](repeating: 0xff, count: start == .lrh ? 0 : 8)
    return PlainCRC.value(of: ones + masked)
  }

  static func random(_ start: Start, behind count: Int, _ random: inout SplitMix) -> RoCEPacket {
    RoCEPacket(start: start, bytes: random.bytes(start.length + count))
  }
}

extension RoCEPacket {
  /// Nil of a frame that is not RoCE, or of which not all is there.
  init?(frame: [UInt8]) {
    func two(_ place: Int) -> Int {
      place + 1 < frame.count ? Int(frame[place]) << 8 | Int(frame[place + 1]) : 0
    }
    var place = 14
    while two(place - 2) == 0x8100 { place += 4 }
    let header = frame.dropFirst(place)
    guard let first = header.first, header.count > 24 else { return nil }
    switch two(place - 2) {
    case 0x0800 where first == 0x45 && frame[place + 9] == 17 && two(place + 22) == 4791:
      self.init(.ipv4, header.prefix(two(place + 2)))
    case 0x86dd where frame[place + 6] == 17 && two(place + 42) == 4791:
      self.init(.ipv6, header.prefix(two(place + 4) + 40))
    case 0x8915: self.init(.grh, header.prefix(two(place + 4) + 40))
    default: return nil
    }
  }

  /// Nil where the headers and the ICRC, which comes last, do not fit.
  init?(_ start: Start, _ bytes: ArraySlice<UInt8>) {
    guard bytes.count >= start.length + 4 else { return nil }
    stored = bytes.suffix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    self.start = start
    self.bytes = Array(bytes.dropLast(4))
  }
}
