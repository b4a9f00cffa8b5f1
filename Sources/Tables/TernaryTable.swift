// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
public import Wire

/// Rules that ask for several things at once and leave bits open: masks, prefixes, ranges, headers.
///
/// The key is looked up in chunks of up to 16 bits. Each value of a chunk has a row with a bit for
/// each rule that it agrees with (Lakshman and Stiliadis 1998); what is left when all rows are laid
/// over each other are the rules that match. Above the bits there is a summary, a bit for each 64
/// of them (Baboescu and Varghese 2001), so that most of them are never read.
///
/// Rules that ask for nothing of a chunk are the same in all of its rows: they are kept once, as
/// the chunk's background. Of what a row has beside them only words that are not 0 are kept.
public struct TernaryTable: ~Copyable {
  @usableFromInline let width: Int
  /// 64 keys of `width` words.
  @usableFromInline let words: UnsafeMutablePointer<UInt64>
  @usableFromInline let fields: UnsafeMutableBufferPointer<TernaryField>
  @usableFromInline let presences: UnsafeMutableBufferPointer<TernaryPresence>
  @usableFromInline let chunks: UnsafeMutableBufferPointer<TernaryChunk>
  /// By value of a chunk: where its row begins.
  @usableFromInline let places: TableMemory<UInt32>
  /// A row is a summary, then for each of its words how many words the ones before it stand for
  /// (16 bits each), then these words. A background has its summary and all its words.
  @usableFromInline let rows: TableMemory<UInt64>
  /// Words of a summary. When 64 bits are enough there is none, and a row is one word.
  @usableFromInline let summary: Int
  /// Words of a row before the ones that are kept of it.
  @usableFromInline let heading: Int
  /// Whether the rows are more than a core's own cache is likely to hold.
  @usableFromInline let isLarge: Bool
  /// By bit: the number of the rule.
  @usableFromInline let numbers: TableMemory<UInt32>
  /// What was found for keys not long ago; nil of few rules about little, which are found sooner
  /// than what is remembered of them.
  @usableFromInline let cache: KeyCache?
  /// By packet and chunk: the row.
  @usableFromInline let agreeing: UnsafeMutablePointer<UnsafeMutablePointer<UInt64>>
  public let room: TableRoom

  /// A mebibyte for each column of the rules is usual; hostile rules would take gigabytes.
  public static let memoryLimit = 256 << 20

  public init(_ rules: [TernaryRule], memoryLimit: Int = memoryLimit) throws(TableError) {
    let build = try TernaryBuild(rules, memoryLimit: memoryLimit)
    let places = try TableMemory(build.places)
    let rows = try TableMemory(build.rows)
    let numbers = try TableMemory(build.numbers)
    let isRemembered = build.summary != 0 || build.chunks.count > 4
    var bytes = places.byteCount + rows.byteCount + numbers.byteCount
    if isRemembered {
      cache = try KeyCache(width: build.layout.width)
      bytes += KeyCache.byteCount(width: build.layout.width)
    } else {
      cache = nil
    }
    room = TableRoom(
      capacity: (build.numbers.count + 63) / 64 * 64, inUse: build.numbers.count, bytes: bytes)
    self.places = places
    self.rows = rows
    self.numbers = numbers
    width = build.layout.width
    words = .allocate(capacity: max(64 * width, 1))
    words.initialize(repeating: 0, count: 64 * width)
    fields = Self.copy(build.fields)
    presences = Self.copy(build.presences)
    chunks = Self.copy(build.chunks)
    summary = build.summary
    heading = build.heading
    isLarge = build.summary != 0 && build.rows.count > 1 << 17
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
    let unknown = findRemembered(selection, results)
    guard unknown != 0 else { return }
    findRows(unknown, chunks)
    if isLarge { prefetchWords(unknown, chunks) }
    var bits = unknown
    while bits != 0 {
      let index = bits.trailingZeroBitCount
      bits &= bits &- 1
      let number = firstNumber(agreeing + index &* self.chunks.count, chunks)
      results[index] = min(results[index], number)
      remember(number, of: index)
    }
  }

  /// Returns the packets of which nothing is known.
  @inlinable @inline(__always)
  func findRemembered(_ selection: UInt64, _ results: UnsafeMutablePointer<UInt32>) -> UInt64 {
    switch cache {
    case .some(let cache): cache.find(selection, words, results)
    case .none: selection
    }
  }

  @inlinable @inline(__always)
  func remember(_ number: UInt32, of index: Int) {
    switch cache {
    case .some(let cache): cache.keep(index, words, number)
    case .none: break
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
      let places = places.start + chunk.firstPlace
      var bits = selection
      while bits != 0 {
        let index = bits.trailingZeroBitCount
        bits &= bits &- 1
        let value = words[width &* index &+ chunk.word] &>> chunk.shift & chunk.mask
        let row = rows.start + Int(places[Int(truncatingIfNeeded: value)])
        cdpdk_prefetch(row)
        agreeing[index &* count &+ number] = row
      }
    }
  }

  /// Asks for the words of each packet's rows that will be laid over each other first: a packet
  /// would wait for them alone, once the summary has told which they are.
  @inlinable @inline(__always)
  func prefetchWords(_ selection: UInt64, _ chunks: UnsafeMutablePointer<TernaryChunk>) {
    let count = self.chunks.count
    var bits = selection
    while bits != 0 {
      let index = bits.trailingZeroBitCount
      bits &= bits &- 1
      let rows = agreeing + index &* count
      for word in 0..<summary {
        let blocks = summaries(rows, chunks, word)
        guard blocks != 0 else { continue }
        let bit = UInt64(truncatingIfNeeded: blocks.trailingZeroBitCount)
        for chunk in 0..<count { cdpdk_prefetch(rows[chunk] + place(rows[chunk], word, bit)) }
        break
      }
    }
  }

  /// The summaries laid over each other.
  @inlinable @inline(__always)
  func summaries(
    _ agreeing: UnsafeMutablePointer<UnsafeMutablePointer<UInt64>>,
    _ chunks: UnsafeMutablePointer<TernaryChunk>, _ word: Int
  ) -> UInt64 {
    var blocks = UInt64.max
    for chunk in 0..<self.chunks.count {
      blocks &= agreeing[chunk][word] | rows.start[chunks[chunk].background &+ word]
    }
    return blocks
  }

  /// Where in a row the word is that a bit of its summary stands for.
  @inlinable @inline(__always)
  func place(_ row: UnsafeMutablePointer<UInt64>, _ word: Int, _ bit: UInt64) -> Int {
    let counts = UnsafeRawPointer(row + summary).assumingMemoryBound(to: UInt16.self)
    let before = row[word] & ((1 &<< bit) &- 1)
    return heading &+ Int(counts[word]) &+ before.nonzeroBitCount
  }

  /// The least number of the rules that all rows have.
  @inlinable @inline(__always)
  func firstNumber(
    _ agreeing: UnsafeMutablePointer<UnsafeMutablePointer<UInt64>>,
    _ chunks: UnsafeMutablePointer<TernaryChunk>
  ) -> UInt32 {
    guard summary != 0 else {
      var both = agreeing[0][0]
      for chunk in 1..<self.chunks.count { both &= agreeing[chunk][0] }
      return both == 0 ? .max : numbers.start[both.trailingZeroBitCount]
    }
    var best = UInt32.max
    for word in 0..<summary {
      var blocks = summaries(agreeing, chunks, word)
      while blocks != 0 {
        let bit = blocks.trailingZeroBitCount
        blocks &= blocks &- 1
        var both = overlaid(agreeing, chunks, word, UInt64(truncatingIfNeeded: bit))
        let numbers = numbers.start + (word &* 64 &+ bit) &* 64
        while both != 0 {
          best = min(best, numbers[both.trailingZeroBitCount])
          both &= both &- 1
        }
      }
    }
    return best
  }

  /// The 64 bits that a bit of the summary stands for.
  @inlinable @inline(__always)
  func overlaid(
    _ agreeing: UnsafeMutablePointer<UnsafeMutablePointer<UInt64>>,
    _ chunks: UnsafeMutablePointer<TernaryChunk>, _ word: Int, _ bit: UInt64
  ) -> UInt64 {
    var both = UInt64.max
    for chunk in 0..<self.chunks.count {
      let row = agreeing[chunk]
      // Read even where the row has no such word: some word lies there.
      let own = row[place(row, word, bit)] & (0 &- (row[word] &>> bit & 1))
      let block = word &* 64 &+ Int(truncatingIfNeeded: bit)
      both &= own | rows.start[chunks[chunk].background &+ summary &+ block]
    }
    return both
  }
}
