// SPDX-License-Identifier: BSD-3-Clause
import CDPDK

/// Flows of one worker: an entry and counters for each, found by a key of up to 40 bytes.
///
/// Packets are looked up a burst at a time, in passes over scratch memory, so that the memory they
/// need is fetched for many at once: the caller reads keys into `lookups` and calls `prepare` for
/// each, then `find` once. An entry that a packet of the burst was given stays its own until the
/// next `find`. Everything is allocated at the start.
public struct FlowTable: ~Copyable {
  public static var burstCapacity: Int { 64 }
  public static let largestCapacity = FlowIndex.largestNumber + 1
  /// Entry, details and index.
  public static let bytesPerFlow =
    MemoryLayout<FlowEntry>.stride + MemoryLayout<FlowDetails>.stride + FlowIndex.bytesPerFlow

  public let capacity: Int
  /// What the table takes, in bytes.
  public let byteCount: Int
  public let hash: FlowHash
  /// The packets to look up, in their order.
  public let lookups: UnsafeMutablePointer<FlowLookup>

  let entries: UnsafeMutablePointer<FlowEntry>
  let details: UnsafeMutablePointer<FlowDetails>
  @usableFromInline let index: FlowIndex
  private let memory: TableMemory<UInt8>
  /// Nanoseconds without a packet after which a flow is over.
  let idle: Int64
  let evicts: Bool
  /// Whether flows are paired with those of the opposite direction.
  let pairs: Bool

  public internal(set) var counts = FlowCounts()
  /// Entries that were in use at some time are those below this number.
  var touched: UInt32 = 0
  /// The first of the unused entries below `touched`; each holds the number of the next.
  var free: UInt32 = .max
  /// The entry that is looked at next for whether its flow is over.
  var hand: UInt32 = 0
  /// The time of the burst's earliest packet: a flow seen since then may be in use by the burst.
  var floor: UInt64 = 0

  /// What a table of this capacity takes, in bytes.
  public static func byteCount(capacity: Int) -> Int {
    capacity * (MemoryLayout<FlowEntry>.stride + MemoryLayout<FlowDetails>.stride)
      + FlowIndex.byteCount(capacity: capacity)
  }

  /// - Parameters:
  ///   - idle: nanoseconds without a packet after which a flow is over.
  ///   - evicts: whether a full table gives up an old flow for a new one.
  ///   - pairs: whether flows are to be paired with those of the opposite direction.
  public init?(
    capacity: Int, idle: UInt64, evicts: Bool, pairs: Bool = false, seed: UInt64,
    pages: TablePages = .atOnce
  ) {
    precondition((1...Self.largestCapacity).contains(capacity), "no capacity for a flow table")
    let entryBytes = capacity * MemoryLayout<FlowEntry>.stride
    let indexBytes = FlowIndex.byteCount(capacity: capacity)
    let bytes = Self.byteCount(capacity: capacity)
    guard let memory = try? TableMemory<UInt8>(count: bytes, pages: pages) else { return nil }
    self.capacity = capacity
    byteCount = bytes
    hash = FlowHash(seed: seed)
    // Entries and buckets are cache lines: they come first.
    let start = UnsafeMutableRawPointer(memory.start)
    entries = start.bindMemory(to: FlowEntry.self, capacity: capacity)
    let slots = (start + entryBytes).bindMemory(to: UInt32.self, capacity: indexBytes / 4)
    details = (start + entryBytes + indexBytes)
      .bindMemory(to: FlowDetails.self, capacity: capacity)
    index = FlowIndex(slots, capacity: capacity)
    self.memory = memory
    self.idle = Int64(clamping: idle)
    self.evicts = evicts
    self.pairs = pairs
    lookups = Self.makeLookups()
  }

  private static func makeLookups() -> UnsafeMutablePointer<FlowLookup> {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: burstCapacity * 64, alignment: 64)
    let lookups = memory.bindMemory(to: FlowLookup.self, capacity: burstCapacity)
    lookups.initialize(repeating: FlowLookup(), count: burstCapacity)
    return lookups
  }

  deinit { lookups.deallocate() }

  /// Flows in the table. While a worker counts, one of the counts may be newer than another.
  public var inUse: Int {
    max(0, Int(truncatingIfNeeded: counts.inserted &- counts.agedOut &- counts.evicted))
  }

  /// Has the memory fetched that `find` looks at first for a look-up whose key and hash are set.
  @inlinable @inline(__always)
  public func prepare(_ number: Int) {
    cdpdk_prefetch(index.first(lookups[number].hash))
  }

  /// Gives the first `count` look-ups their entries, new ones where there are none, and counts the
  /// packets.
  ///
  /// - Parameter continues: whether these are further packets of the burst that was found last.
  /// - Returns: the look-ups whose flow is watched, one bit each.
  public mutating func find(_ count: Int, continues: Bool = false) -> UInt64 {
    guard count > 0 else { return 0 }
    if !continues {
      floor = lookups[0].nanoseconds
      age(now: floor)
    }
    findCandidates(count)
    return settle(count)
  }

  /// Looks at tags only, and has the entries fetched that they lead to.
  @inline(__always)
  private mutating func findCandidates(_ count: Int) {
    var floor = floor
    for number in 0..<count {
      let lookup = lookups + number
      floor = min(floor, lookup.pointee.nanoseconds)
      let hash = lookup.pointee.hash
      var bucket = index.first(hash)
      var matches = index.matches(bucket, hash)
      if matches == 0 {
        bucket = index.second(hash)
        matches = index.matches(bucket, hash)
        guard matches != 0 else {
          lookup.pointee.entry = nil
          continue
        }
      }
      let entry = entries + Int(index.number(matches.trailingZeroBitCount, of: bucket))
      lookup.pointee.entry = entry
      cdpdk_prefetch_to_write(entry)
    }
    self.floor = floor
  }

  /// Compares keys and counts; one by one, since two packets of a burst may have one new flow.
  @inline(__always)
  private mutating func settle(_ count: Int) -> UInt64 {
    var watched: UInt64 = 0
    for number in 0..<count {
      let lookup = lookups + number
      let time = lookup.pointee.nanoseconds
      guard let entry = lookup.pointee.entry, entry.pointee.key == lookup.pointee.key,
        !isOver(entry, at: time), !entry.pointee.has(.ended)
      else {
        if settleSlowly(number) { watched |= 1 &<< UInt64(number) }
        continue
      }
      entry.pointee.lastSeen = time
      entry.pointee.count(bytes: lookup.pointee.length)
      watched |= (entry.pointee.has(.watched) ? 1 : 0) &<< UInt64(number)
    }
    return watched
  }

  /// Times of a capture may go back: then nothing is over.
  @inline(__always)
  func isOver(_ entry: UnsafeMutablePointer<FlowEntry>, at time: UInt64) -> Bool {
    Int64(bitPattern: time &- entry.pointee.lastSeen) > idle
  }

  /// The packet's flow is new, was over, or shares a tag with another one.
  ///
  /// - Returns: whether the flow is watched.
  @inline(never)
  private mutating func settleSlowly(_ number: Int) -> Bool {
    let lookup = lookups + number
    let (time, key) = (lookup.pointee.nanoseconds, lookup.pointee.key)
    guard let entry = obtain(key, at: time) else {
      lookup.pointee.entry = nil
      return false
    }
    entry.pointee.lastSeen = time
    entry.pointee.count(bytes: lookup.pointee.length)
    lookup.pointee.entry = entry
    return entry.pointee.has(.watched)
  }

  /// The flow with this key, begun anew when it was over, or a new one; nil when there is no room.
  mutating func obtain(
    _ key: FlowKey, at time: UInt64
  ) -> UnsafeMutablePointer<FlowEntry>? {
    let hash = hash(key)
    guard let entry = entry(with: key, hash) else { return insert(key, hash, at: time) }
    if entry.pointee.has(.ended) {
      counts.reconnected &+= 1
    } else if isOver(entry, at: time) {
      counts.restarted &+= 1
    } else {
      return entry
    }
    begin(number(of: entry), at: time)
    return entry
  }

  func number(of entry: UnsafeMutablePointer<FlowEntry>) -> UInt32 {
    UInt32(truncatingIfNeeded: entry - entries)
  }

  /// The flow with this key, whose hash is given.
  func entry(with key: FlowKey, _ hash: UInt64) -> UnsafeMutablePointer<FlowEntry>? {
    entry(with: key, hash, in: index.first(hash)) ?? entry(with: key, hash, in: index.second(hash))
  }

  private func entry(
    with key: FlowKey, _ hash: UInt64, in bucket: FlowIndex.Bucket
  ) -> UnsafeMutablePointer<FlowEntry>? {
    var matches = index.matches(bucket, hash)
    while matches != 0 {
      let entry = entries + Int(index.number(matches.trailingZeroBitCount, of: bucket))
      if entry.pointee.key == key { return entry }
      matches &= matches &- 1
    }
    return nil
  }
}

/// What a table has done, since its start.
@frozen
public struct FlowCounts: BitwiseCopyable, Equatable, Sendable {
  public var inserted: UInt64 = 0
  public var agedOut: UInt64 = 0
  public var evicted: UInt64 = 0
  /// Flows found after they were over, and begun anew.
  public var restarted: UInt64 = 0
  /// The same of connections that were ended, or of whose queue pair another made use.
  public var reconnected: UInt64 = 0
  /// Packets whose flow had no room.
  public var refused: UInt64 = 0
  /// The same, though there were unused entries: both buckets were full.
  public var collided: UInt64 = 0

  public init() {}
}
