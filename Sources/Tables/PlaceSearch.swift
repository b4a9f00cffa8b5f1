// SPDX-License-Identifier: BSD-3-Clause

/// Looks for displacements with which no two keys share a place: bucket by bucket, those with most
/// keys first, as long as there is much room.
struct PlaceSearch {
  private let hashes: [UInt64]
  private let bucketCount: Int
  private let placeCount: Int
  /// The keys of bucket `n` are `members[starts[n]..<starts[n + 1]]`.
  private var starts: [Int]
  private var members: [UInt64]
  private var isTaken: [Bool]
  private var placed: [Int] = []

  init(_ keys: borrowing KeySet, seed: UInt64, buckets: Int, places: Int) {
    let (words, width) = (keys.words, keys.width)
    hashes = (0..<keys.count).map {
      PerfectHash.hash(words + $0 * width, width: width, seed: seed)
    }
    bucketCount = buckets
    placeCount = places
    starts = Array(repeating: 0, count: buckets + 1)
    members = Array(repeating: 0, count: hashes.count)
    isTaken = Array(repeating: false, count: places)
    distribute()
  }

  private mutating func distribute() {
    let count = UInt64(bucketCount)
    for hash in hashes { starts[PerfectHash.bucket(hash, of: count) + 1] += 1 }
    for bucket in 0..<bucketCount { starts[bucket + 1] += starts[bucket] }
    var next = starts
    for hash in hashes {
      let bucket = PerfectHash.bucket(hash, of: count)
      members[next[bucket]] = hash
      next[bucket] += 1
    }
  }

  /// False when a bucket has no displacement, which another seed would change.
  mutating func run(_ displacements: UnsafeMutablePointer<UInt16>) -> Bool {
    let starts = starts
    let order = (0..<bucketCount).sorted {
      let (one, other) = (starts[$0 + 1] - starts[$0], starts[$1 + 1] - starts[$1])
      return one == other ? $0 < $1 : one > other
    }
    for bucket in order {
      guard let displacement = displacement(starts[bucket]..<starts[bucket + 1]) else {
        return false
      }
      displacements[bucket] = displacement
    }
    return true
  }

  private mutating func displacement(_ bucket: Range<Int>) -> UInt16? {
    (0...UInt16.max).first { isFree($0, bucket) }
  }

  /// Takes the places that the keys have with `displacement` when they are free.
  private mutating func isFree(_ displacement: UInt16, _ bucket: Range<Int>) -> Bool {
    placed.removeAll(keepingCapacity: true)
    for index in bucket {
      let place = PerfectHash.place(members[index], displacement, of: UInt64(placeCount))
      guard !isTaken[place] else {
        for place in placed { isTaken[place] = false }
        return false
      }
      isTaken[place] = true
      placed.append(place)
    }
    return true
  }
}
