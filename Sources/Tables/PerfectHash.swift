// SPDX-License-Identifier: BSD-3-Clause

/// Gives each of a fixed set of keys a place of its own, and every other key some place.
@usableFromInline
struct PerfectHash: ~Copyable {
  @usableFromInline let seed: UInt64
  /// By bucket: what displaces its keys to places that nobody else has.
  @usableFromInline let displacements: TableMemory<UInt16>
  @usableFromInline let buckets: UInt64
  private(set) var places: Int
  @usableFromInline let range: UInt64

  /// Four keys share a bucket, and one place in nine stays empty: fewer would take long to find.
  init(_ keys: borrowing KeySet) throws(TableError) {
    let places = keys.count + keys.count / 8 + 1
    let buckets = keys.count / 4 + 1
    let displacements = try TableMemory<UInt16>(count: buckets)
    var seed: UInt64 = 0x9e37_79b9_7f4a_7c15
    var attempts = 0
    while true {
      var search = PlaceSearch(keys, seed: seed, buckets: buckets, places: places)
      if search.run(displacements.start) { break }
      attempts += 1
      guard attempts < 16 else { throw TableError("no hash function parts \(keys.count) keys") }
      seed = foldedProduct(seed, 0xd6e8_feb8_6659_fd93)
    }
    self.seed = seed
    self.displacements = displacements
    self.buckets = UInt64(buckets)
    self.places = places
    range = UInt64(places)
  }

  var byteCount: Int { displacements.byteCount }

  @inlinable @inline(__always)
  func place(_ words: UnsafeMutablePointer<UInt64>, width: Int) -> Int {
    let hash = Self.hash(words, width: width, seed: seed)
    let bucket = Self.bucket(hash, of: buckets)
    return Self.place(hash, displacements.start[bucket], of: range)
  }

  @inlinable @inline(__always)
  static func hash(_ words: UnsafeMutablePointer<UInt64>, width: Int, seed: UInt64) -> UInt64 {
    var hash = seed
    var word = 0
    while word &+ 1 < width {
      hash = foldedProduct(words[word] ^ hash, words[word &+ 1] ^ 0xe703_7ed1_a0b4_28db)
      word &+= 2
    }
    return word < width ? foldedProduct(words[word] ^ hash, 0x8ebc_6af0_9c88_c6e3) : hash
  }

  @inlinable @inline(__always)
  static func bucket(_ hash: UInt64, of count: UInt64) -> Int {
    Int(truncatingIfNeeded: ((hash & 0xffff_ffff) &* count) &>> 32)
  }

  @inlinable @inline(__always)
  static func place(_ hash: UInt64, _ displacement: UInt16, of count: UInt64) -> Int {
    let displaced = (hash ^ UInt64(displacement) &* 0xa076_1d64_78bd_642f) &* 0xff51_afd7_ed55_8ccd
    return Int(truncatingIfNeeded: ((displaced &>> 32) &* count) &>> 32)
  }
}
