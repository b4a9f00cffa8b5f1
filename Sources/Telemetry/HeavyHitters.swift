// SPDX-License-Identifier: BSD-3-Clause

/// The keys with most weight of a stream, in a fixed room (Space-Saving; Metwally, Agrawal and
/// El Abbadi 2005).
///
/// Of all weight N, a key with more than N / `capacity` is present, and no weight is too high by
/// more than that or too low at all. A key that is not present takes the place of the lightest one
/// and inherits its weight, which is kept as the entry's error.
///
/// One worker adds; others may take snapshots meanwhile.
@frozen
public struct HeavyHitters<Key: Hashable & BitwiseCopyable>: ~Copyable {
  @frozen @usableFromInline
  struct Entry: BitwiseCopyable {
    @usableFromInline let key: Key
    @usableFromInline var weight: UInt64
    @usableFromInline let error: UInt64
    @usableFromInline let hash: UInt32

    @inlinable init(key: Key, weight: UInt64, error: UInt64, hash: UInt32) {
      self.key = key
      self.weight = weight
      self.error = error
      self.hash = hash
    }
  }

  /// The lightest comes first. Weights in here are not kept up to date: an entry's own weight is
  /// never below the one here, so that the first one is the lightest as soon as it is right. Adding
  /// to a key that is present costs no more than finding it.
  @frozen @usableFromInline
  struct Rank: BitwiseCopyable {
    @usableFromInline var weight: UInt64
    @usableFromInline var entry: UInt32

    @inlinable init(weight: UInt64, entry: UInt32) {
      self.weight = weight
      self.entry = entry
    }
  }

  @frozen @usableFromInline
  struct State: BitwiseCopyable {
    /// Entries that have a key; they are taken in their order.
    @usableFromInline var count = 0
    @usableFromInline var total: UInt64 = 0
    /// The entry that was added to last: packets come in trains.
    @usableFromInline var recent = 0

    @inlinable init() {}
  }

  public let capacity: Int
  @usableFromInline let hash: KeyHash<Key>
  @usableFromInline let index: EntryIndex
  @usableFromInline let entries: UnsafeMutablePointer<Entry>
  /// A heap, with one behind it that nothing is heavier than.
  @usableFromInline let ranks: UnsafeMutablePointer<Rank>
  @usableFromInline let state: UnsafeMutablePointer<State>

  /// - Parameter capacity: At least 1.
  public init(capacity: Int, seed: UInt64) {
    let capacity = min(max(capacity, 1), 1 << 24)
    self.capacity = capacity
    hash = KeyHash(seed: seed)
    index = EntryIndex(capacity: capacity)
    entries = .allocate(capacity: capacity)
    ranks = .allocate(capacity: capacity + 1)
    state = .allocate(capacity: 1)
    state.initialize(to: State())
    // So that pages are made now, not when packets come.
    UnsafeMutableRawPointer(entries).initializeMemory(
      as: UInt8.self, repeating: 0, count: capacity * MemoryLayout<Entry>.stride)
    ranks.initialize(repeating: Rank(weight: .max, entry: 0), count: capacity + 1)
  }

  deinit {
    entries.deallocate()
    ranks.deallocate()
    state.deallocate()
  }

  public var byteCount: Int {
    capacity * MemoryLayout<Entry>.stride + (capacity + 1) * MemoryLayout<Rank>.stride
      + MemoryLayout<State>.stride + index.byteCount
  }

  @inlinable @inline(__always)
  public func add(_ key: Key, weight: UInt64) {
    state.pointee.total = state.pointee.total.addingWithoutWrapping(weight)
    let recent = state.pointee.recent
    if recent < state.pointee.count, entries[recent].key == key {
      entries[recent].weight = entries[recent].weight.addingWithoutWrapping(weight)
    } else {
      find(key, weight)
    }
  }

  @inlinable
  func find(_ key: Key, _ weight: UInt64) {
    let hash = UInt32(truncatingIfNeeded: hash(key))
    var place = index.home(of: hash)
    while let entry = index.entry(at: place) {
      if index.slots[place].hash == hash, entries[entry].key == key {
        entries[entry].weight = entries[entry].weight.addingWithoutWrapping(weight)
        state.pointee.recent = entry
        return
      }
      place = index.after(place)
    }
    insert(key, hash, weight)
  }

  @inlinable
  func insert(_ key: Key, _ hash: UInt32, _ weight: UInt64) {
    guard weight > 0 else { return }
    let isFull = state.pointee.count == capacity
    let entry = isFull ? lightest() : state.pointee.count
    let number = UInt32(truncatingIfNeeded: entry)
    var error: UInt64 = 0
    if isFull {
      error = entries[entry].weight
      index.remove(number, entries[entry].hash)
    }
    entries[entry] = Entry(
      key: key, weight: error.addingWithoutWrapping(weight), error: error, hash: hash)
    index.insert(number, hash)
    state.pointee.recent = entry
    guard !isFull else { return }
    // 0 is below every weight, so that a heap it stays.
    ranks[entry] = Rank(weight: 0, entry: number)
    state.pointee.count &+= 1
  }

  /// Each weight is brought up to date at most once for each time that it has grown.
  @inlinable
  func lightest() -> Int {
    var entry = Int(ranks[0].entry)
    while entries[entry].weight != ranks[0].weight {
      sink(Rank(weight: entries[entry].weight, entry: ranks[0].entry))
      entry = Int(ranks[0].entry)
    }
    return entry
  }

  /// Replaces the first of the heap with one that is not lighter.
  @inlinable
  func sink(_ rank: Rank) {
    let count = state.pointee.count
    var place = 0
    var child = 1
    while child < count {
      // Which of the two is lighter cannot be predicted: a sum, not a branch.
      let isSecond = ranks[child &+ 1].weight < ranks[child].weight
      child &+= Int(truncatingIfNeeded: unsafeBitCast(isSecond, to: UInt8.self))
      guard ranks[child].weight < rank.weight else { break }
      ranks[place] = ranks[child]
      place = child
      child = 2 &* place &+ 1
    }
    ranks[place] = rank
  }

  public var snapshot: HeavyHittersSnapshot<Key> {
    let state = state.pointee
    var found: [HeavyHittersSnapshot<Key>.Entry] = []
    found.reserveCapacity(state.count)
    // A key may go from one entry to another while they are read.
    var keys: Set<Key> = []
    for entry in UnsafeBufferPointer(start: entries, count: state.count) {
      // Not those that are being replaced this very moment: half of the key may be another's.
      guard UInt32(truncatingIfNeeded: hash(entry.key)) == entry.hash else { continue }
      guard keys.insert(entry.key).inserted else { continue }
      found.append(
        .init(key: entry.key, weight: entry.weight, error: min(entry.error, entry.weight)))
    }
    let least = state.count < capacity ? 0 : found.map(\.weight).min() ?? 0
    return HeavyHittersSnapshot(found, total: state.total, absent: least, capacity: capacity)
  }
}
