// SPDX-License-Identifier: BSD-3-Clause

/// Follows the block boundaries of a pcapng file while its bytes go by, so that damage has a place.
///
/// libpcap says what is wrong with a block, not where the block is, and skips blocks silently.
struct BlockTracker {
  /// Where the block that the last byte belonged to begins.
  private(set) var blockStart: UInt64 = 0
  /// Interface descriptions since the last section header.
  private(set) var interfaces = 0
  private var position: UInt64 = 0
  private var blockEnd: UInt64 = 0
  private var isSwapped = false
  /// Block type, total length and, in a section header, the byte-order magic.
  private var header: InlineArray<12, UInt8> = .init(repeating: 0)

  private static let sectionHeader: UInt32 = 0x0A0D_0D0A
  private static let byteOrderMagic: UInt32 = 0x1A2B_3C4D
  private static let interfaceDescription: UInt32 = 1

  mutating func pass(_ bytes: UnsafeRawBufferPointer) {
    var bytes = bytes[...]
    while !bytes.isEmpty {
      if position == blockEnd { blockStart = position }
      let inBlock = position - blockStart
      if inBlock < 12 {
        header[Int(inBlock)] = bytes.removeFirst()
        position += 1
        if inBlock == 11 { readHeader() }
      } else {
        let step = min(UInt64(bytes.count), blockEnd - position)
        bytes.removeFirst(Int(step))
        position += step
      }
    }
  }

  /// The shortest block has 12 bytes, of which the last four repeat its length.
  private mutating func readHeader() {
    let type = word(at: 0)
    if type == Self.sectionHeader {
      isSwapped = word(at: 8).byteSwapped == Self.byteOrderMagic
      interfaces = 0
    }
    if (isSwapped ? type.byteSwapped : type) == Self.interfaceDescription { interfaces += 1 }
    let length = isSwapped ? word(at: 4).byteSwapped : word(at: 4)
    blockEnd = blockStart + UInt64(max(length, 12))
  }

  private func word(at offset: Int) -> UInt32 {
    var value: UInt32 = 0
    for index in 0..<4 { value |= UInt32(header[offset + index]) << UInt32(8 * index) }
    return value
  }
}
