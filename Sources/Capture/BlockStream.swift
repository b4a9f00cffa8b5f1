// SPDX-License-Identifier: BSD-3-Clause

import Glibc

/// The kinds of pcapng blocks that hold something for us (draft-ietf-opsawg-pcapng, section 4).
enum BlockType: UInt32 {
  case section = 0x0A0D_0D0A
  case interface = 1
  /// What came before `enhancedPacket`.
  case obsoletePacket = 2
  case simplePacket = 3
  case enhancedPacket = 6
}

/// A block of a pcapng file without its type and lengths, valid until the next one is read.
struct Block {
  let type: BlockType
  let body: UnsafeRawBufferPointer
  let isSwapped: Bool

  /// A number of the body; the place must have been checked.
  func number<Word: FixedWidthInteger>(at place: Int, as type: Word.Type = Word.self) -> Word {
    let word = body.loadUnaligned(fromByteOffset: place, as: Word.self)
    return isSwapped ? word.byteSwapped : word
  }
}

/// Finds the blocks of a pcapng file, one after the other, and passes over those of other kinds.
///
/// A block lies in the buffer as it was read: it is not copied, unless it came in two pieces.
struct BlockStream: ~Copyable {
  /// Where the block begins in the file that was read last, or could not be read.
  private(set) var blockStart: UInt64 = 0
  private let source: ByteSource
  private var memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
  /// What was read and not yet passed, in `memory`.
  private var start = 0
  private var end = 0
  private var isSwapped = false

  /// Type, length, and the length again; a section's byte-order magic stands in the same place.
  private static let shortest = 12
  /// Far more than the longest packet with all its options.
  private static let longest = 1 << 24
  private static let byteOrderMagic: UInt32 = 0x1A2B_3C4D

  init(_ source: ByteSource) { self.source = source }
  deinit { memory.deallocate() }

  /// The next block of a kind that we know; nil at the end of the file.
  mutating func next() throws(ReadFailure) -> Block? {
    while true {
      blockStart = source.delivered - UInt64(end - start)
      guard try fill(1) else { return nil }
      guard try fill(Self.shortest) else { throw cut }
      let number = word(at: 0)
      if number == BlockType.section.rawValue { try readByteOrder() }
      let length = Int(swapped(word(at: 4)))
      guard length >= Self.shortest, length % 4 == 0 else {
        throw damage("a block cannot have a length of \(length) bytes")
      }
      if let type = BlockType(rawValue: swapped(number)) { return try block(type, length) }
      try skip(length)
    }
  }

  /// Passes enhanced packet blocks, as long as they lie in memory as a whole and nothing is odd
  /// about them; says how many packets it put into `packets`.
  mutating func passPackets(
    of interfaces: UnsafeBufferPointer<PlainInterface>,
    into packets: UnsafeMutablePointer<CapturedPacket>, atMost most: Int
  ) -> Int {
    var count = 0
    while count < most, end - start >= 32,
      swapped(word(at: 0)) == BlockType.enhancedPacket.rawValue
    {
      let length = Int(swapped(word(at: 4)))
      let interface = Int(swapped(word(at: 8)))
      let captured = Int(swapped(word(at: 20)))
      guard length >= 32, length % 4 == 0, length <= Self.longest, length <= end - start,
        captured <= min(length - 32, CaptureWriter.longestPacket),
        swapped(word(at: length - 4)) == UInt32(length), interface < interfaces.count,
        let linkType = interfaces[interface].linkType
      else { break }
      let ticks = UInt64(swapped(word(at: 12))) << 32 | UInt64(swapped(word(at: 16)))
      (packets + count).initialize(
        to: CapturedPacket(
          bytes: UnsafeRawBufferPointer(
            rebasing: memory[(start + 28)..<(start + 28 + captured)]),
          nanoseconds: interfaces[interface].clock.nanoseconds(ticks),
          originalLength: swapped(word(at: 24)), linkType: linkType))
      count += 1
      start += length
    }
    return count
  }

  private mutating func block(_ type: BlockType, _ length: Int) throws(ReadFailure) -> Block {
    guard length <= Self.longest else {
      throw damage("a block of \(length) bytes is too long for what it should be")
    }
    guard try fill(length) else { throw cut }
    try checkTrailer(at: length - 4, length)
    let body = UnsafeRawBufferPointer(rebasing: memory[(start + 8)..<(start + length - 4)])
    start += length
    return Block(type: type, body: body, isSwapped: isSwapped)
  }

  /// Blocks of other kinds may be of any length: they are never held as a whole.
  private mutating func skip(_ length: Int) throws(ReadFailure) {
    var rest = length - 4
    while rest > 0 {
      guard try fill(1) else { throw cut }
      let step = min(rest, end - start)
      start += step
      rest -= step
    }
    guard try fill(4) else { throw cut }
    try checkTrailer(at: 0, length)
    start += 4
  }

  private func checkTrailer(at place: Int, _ length: Int) throws(ReadFailure) {
    let trailer = Int(swapped(word(at: place)))
    if trailer != length {
      throw damage("a block begins with a length of \(length) and ends with one of \(trailer)")
    }
  }

  private mutating func readByteOrder() throws(ReadFailure) {
    let magic = word(at: 8)
    guard magic == Self.byteOrderMagic || magic.byteSwapped == Self.byteOrderMagic else {
      throw damage("a section has no byte order")
    }
    isSwapped = magic != Self.byteOrderMagic
  }

  /// Has so many bytes in one piece, unless the file ends before.
  private mutating func fill(_ count: Int) throws(ReadFailure) -> Bool {
    guard end - start < count else { return true }
    makeRoom(for: count)
    while end - start < count {
      let got = source.read(into: UnsafeMutableRawBufferPointer(rebasing: memory[end...]))
      if got < 0, let refusal = source.refusal { throw .refusal(refusal) }
      if got <= 0 { return false }
      end += got
    }
    return true
  }

  private mutating func makeRoom(for count: Int) {
    guard start > 0 || count > memory.count else { return }
    let kept = UnsafeRawBufferPointer(rebasing: memory[start..<end])
    if count > memory.count {
      let larger = UnsafeMutableRawBufferPointer.allocate(
        byteCount: max(count, 2 * memory.count), alignment: 64)
      larger.copyMemory(from: kept)
      memory.deallocate()
      memory = larger
    } else {
      memory.copyMemory(from: kept)
    }
    (start, end) = (0, end - start)
  }

  private func word(at place: Int) -> UInt32 {
    memory.loadUnaligned(fromByteOffset: start + place, as: UInt32.self)
  }

  private func swapped(_ word: UInt32) -> UInt32 { isSwapped ? word.byteSwapped : word }

  func damage(_ problem: String) -> ReadFailure { .damage(problem, at: blockStart) }

  private var cut: ReadFailure { damage("the file ends in the middle of a block") }
}
