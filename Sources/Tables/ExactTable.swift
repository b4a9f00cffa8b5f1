// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
public import Wire

/// Rules that ask for one value of each of some fields.
///
/// The rules do not change, so that each key gets a place of its own (hash and displace,
/// Belazzougui et al. 2009): a small table says, by one half of the hash, how the other half is to
/// be displaced for no two keys to share a place. A look-up compares exactly one key, whatever
/// packets come.
public struct ExactTable: ~Copyable {
  @usableFromInline let key: MatchKey
  @usableFromInline let hash: PerfectHash
  /// Of each place the key's words, then the number of its rule. Places that are empty have the
  /// number of no rule.
  @usableFromInline let entries: TableMemory<UInt64>
  /// Words from one entry to the next, so that one of up to 7 words lies in one cache line.
  @usableFromInline let stride: Int
  /// By packet: its entry.
  @usableFromInline let found: UnsafeMutablePointer<UnsafeMutablePointer<UInt64>>
  public let room: TableRoom

  public struct Rule: Sendable {
    /// In the order of the table's fields.
    public var values: [FieldValue]
    public var number: UInt32

    public init(values: [FieldValue], number: UInt32) {
      self.values = values
      self.number = number
    }
  }

  /// Rules compare a field either with IPv4 addresses or with IPv6 ones: the others belong into a
  /// table of their own.
  public init(_ fields: [Field], _ rules: [Rule]) throws(TableError) {
    guard rules.allSatisfy({ $0.values.count == fields.count }) else {
      throw TableError("a rule has not one value for each field")
    }
    let widths = rules.first?.values.map(\.addressWidth) ?? fields.map { _ in nil }
    guard rules.allSatisfy({ $0.values.map(\.addressWidth) == widths }) else {
      throw TableError("a field is compared with addresses of both versions")
    }
    let layout = try MatchKeyLayout(fields, addressWidths: widths)
    let keys = KeySet(layout, rules)
    let stride = Self.stride(ofWords: layout.width + 1)
    let hash = try PerfectHash(keys)
    let entries = try TableMemory<UInt64>(count: hash.places * stride)
    key = MatchKey(layout)
    self.hash = hash
    self.stride = stride
    self.entries = entries
    room = TableRoom(
      capacity: self.hash.places, inUse: keys.count,
      bytes: self.entries.byteCount + self.hash.byteCount)
    found = .allocate(capacity: 64)
    found.initialize(repeating: self.entries.start, count: 64)
    fill(keys)
  }

  deinit { found.deallocate() }

  private static func stride(ofWords words: Int) -> Int {
    words <= 2 ? 2 : words <= 4 ? 4 : (words + 7) / 8 * 8
  }

  private func fill(_ keys: borrowing KeySet) {
    for place in 0..<hash.places { entries.start[place * stride + key.width] = UInt64(UInt32.max) }
    for index in 0..<keys.count {
      let words = keys.words + index * key.width
      let entry = entries.start + hash.place(words, width: key.width) * stride
      entry.update(from: words, count: key.width)
      entry[key.width] = UInt64(keys.numbers[index])
    }
  }

  /// Brings `results` of the packets of `selection` down to the number of the rule that they match.
  @inlinable
  public func lookUp<Source: PacketSource & ~Copyable>(
    _ selection: UInt64, _ source: borrowing Source, _ results: UnsafeMutablePointer<UInt32>
  ) {
    let complete = key.gather(selection, source)
    guard complete != 0 else { return }
    // The number of words is known in each of these, so that their loops are unrolled.
    switch key.width {
    case 1: match(complete, 1, 2, results)
    case 2: match(complete, 2, 4, results)
    case 3: match(complete, 3, 4, results)
    case 5: match(complete, 5, 8, results)
    default: match(complete, key.width, stride, results)
    }
  }

  @inlinable @inline(__always)
  func match(
    _ selection: UInt64, _ width: Int, _ stride: Int, _ results: UnsafeMutablePointer<UInt32>
  ) {
    var bits = selection
    while bits != 0 {
      let index = bits.trailingZeroBitCount
      bits &= bits &- 1
      let entry = entries.start + hash.place(key.words + index &* width, width: width) &* stride
      cdpdk_prefetch(entry)
      found[index] = entry
    }
    bits = selection
    while bits != 0 {
      let index = bits.trailingZeroBitCount
      bits &= bits &- 1
      let (entry, words) = (found[index], key.words + index &* width)
      var difference: UInt64 = 0
      for word in 0..<width { difference |= entry[word] ^ words[word] }
      let number = UInt32(truncatingIfNeeded: entry[width])
      results[index] = min(results[index], difference == 0 ? number : .max)
    }
  }
}
