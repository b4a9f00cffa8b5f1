// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
public import Wire

/// Rules that ask for several things at once and leave bits open: masks, prefixes, ranges, headers.
///
/// The key is looked up in chunks of up to 16 bits. Each value of a chunk has a row with a bit for
/// each rule that it agrees with (Lakshman and Stiliadis 1998); what is left when all rows are laid
/// over each other are the rules that match, the best first. Above the bits each row has a summary,
/// a bit for each 64 rules (Baboescu and Varghese 2001), so that most of them are never read.
public struct TernaryTable: ~Copyable {
  @usableFromInline let width: Int
  /// 64 keys of `width` words.
  @usableFromInline let words: UnsafeMutablePointer<UInt64>
  @usableFromInline let fields: UnsafeMutableBufferPointer<TernaryField>
  @usableFromInline let presences: UnsafeMutableBufferPointer<TernaryPresence>
  @usableFromInline let chunks: UnsafeMutableBufferPointer<TernaryChunk>
  @usableFromInline let classes: TableMemory<UInt16>
  @usableFromInline let rows: TableMemory<UInt64>
  /// Words of a row's summary, none when one word has all the bits.
  @usableFromInline let summary: Int
  /// By bit: the number of the rule.
  @usableFromInline let numbers: TableMemory<UInt32>
  /// By packet and chunk: the row.
  @usableFromInline let agreeing: UnsafeMutablePointer<UnsafeMutablePointer<UInt64>>

  /// A mebibyte for each column of the rules is usual; hostile rules would take gigabytes.
  public static let memoryLimit = 256 << 20

  public init(_ rules: [TernaryRule], memoryLimit: Int = memoryLimit) throws(TableError) {
    let build = try TernaryBuild(rules, memoryLimit: memoryLimit)
    let classes = try TableMemory(build.classes)
    let rows = try TableMemory(build.rows)
    let numbers = try TableMemory(build.numbers)
    self.classes = classes
    self.rows = rows
    self.numbers = numbers
    width = build.layout.width
    words = .allocate(capacity: max(64 * width, 1))
    words.initialize(repeating: 0, count: 64 * width)
    fields = Self.copy(build.fields)
    presences = Self.copy(build.presences)
    chunks = Self.copy(build.chunks)
    summary = build.summary
    agreeing = .allocate(capacity: max(64 * chunks.count, 1))
    agreeing.initialize(repeating: self.rows.start, count: 64 * chunks.count)
  }

  deinit {
    words.deallocate()
    fields.deallocate()
    presences.deallocate()
    chunks.deallocate()
    agreeing.deallocate()
  }

  private static func copy<Element: BitwiseCopyable>(
    _ elements: [Element]
  ) -> UnsafeMutableBufferPointer<Element> {
    let copy = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
    _ = copy.initialize(from: elements)
    return copy
  }

  /// Brings `results` of the packets of `selection` down to the number of the first rule that they
  /// match.
  @inlinable
  public func lookUp<Source: PacketSource & ~Copyable>(
    _ selection: UInt64, _ source: borrowing Source, _ results: UnsafeMutablePointer<UInt32>
  ) {
    guard let chunks = chunks.baseAddress, selection != 0 else { return }
    gather(selection, source)
    findRows(selection, chunks)
    var bits = selection
    while bits != 0 {
      let index = bits.trailingZeroBitCount
      bits &= bits &- 1
      let number = firstNumber(agreeing + index &* self.chunks.count)
      results[index] = min(results[index], number)
    }
  }

  /// Makes the keys.
  @inlinable @inline(__always)
  func gather<Source: PacketSource & ~Copyable>(_ selection: UInt64, _ source: borrowing Source) {
    words.update(repeating: 0, count: 64 &* width)
    var field = fields.baseAddress.unsafelyUnwrapped
    let lastField = field + fields.count
    while field != lastField {
      let found = field.pointee.part.gather(
        selection, source, shift: field.pointee.shift, into: words + field.pointee.word,
        stride: width)
      if field.pointee.presence != 0 {
        mark(found, words + field.pointee.presenceWord, field.pointee.presence)
      }
      field += 1
    }
    var presence = presences.baseAddress.unsafelyUnwrapped
    let lastPresence = presence + presences.count
    while presence != lastPresence {
      let (layers, shift) = (presence.pointee.layers, presence.pointee.shift)
      let target = words + presence.pointee.word
      var bits = selection
      while bits != 0 {
        let index = bits.trailingZeroBitCount
        bits &= bits &- 1
        let isThere = source.headers(index).pointee.layers.rawValue & layers != 0
        target[width &* index] |= (isThere ? 1 : 0) &<< shift
      }
      presence += 1
    }
  }

  @inlinable @inline(__always)
  func mark(_ selection: UInt64, _ target: UnsafeMutablePointer<UInt64>, _ mark: UInt64) {
    var bits = selection
    while bits != 0 {
      let index = bits.trailingZeroBitCount
      bits &= bits &- 1
      target[width &* index] |= mark
    }
  }

  @inlinable @inline(__always)
  func findRows(_ selection: UInt64, _ chunks: UnsafeMutablePointer<TernaryChunk>) {
    let count = self.chunks.count
    for number in 0..<count {
      let chunk = chunks[number]
      let classes = classes.start + chunk.firstClass
      let rows = rows.start + chunk.firstRow
      var bits = selection
      while bits != 0 {
        let index = bits.trailingZeroBitCount
        bits &= bits &- 1
        let value = words[width &* index &+ chunk.word] &>> chunk.shift & chunk.mask
        let row = rows + Int(classes[Int(truncatingIfNeeded: value)]) &* chunk.rowLength
        cdpdk_prefetch(row)
        agreeing[index &* count &+ number] = row
      }
    }
  }

  /// The number of the first rule that all rows have.
  @inlinable @inline(__always)
  func firstNumber(_ agreeing: UnsafeMutablePointer<UnsafeMutablePointer<UInt64>>) -> UInt32 {
    guard summary != 0 else {
      let both = overlaid(agreeing, at: 0)
      return both == 0 ? .max : numbers.start[both.trailingZeroBitCount]
    }
    for word in 0..<summary {
      var blocks = overlaid(agreeing, at: word)
      while blocks != 0 {
        let block = word &* 64 &+ blocks.trailingZeroBitCount
        blocks &= blocks &- 1
        let both = overlaid(agreeing, at: summary &+ block)
        if both != 0 { return numbers.start[block &* 64 &+ both.trailingZeroBitCount] }
      }
    }
    return .max
  }

  @inlinable @inline(__always)
  func overlaid(
    _ agreeing: UnsafeMutablePointer<UnsafeMutablePointer<UInt64>>, at word: Int
  ) -> UInt64 {
    var both = agreeing[0][word]
    for chunk in 1..<chunks.count { both &= agreeing[chunk][word] }
    return both
  }
}
