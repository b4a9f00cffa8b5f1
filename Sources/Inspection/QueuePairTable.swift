// SPDX-License-Identifier: BSD-3-Clause

/// Counts packets by queue pair and the addresses of both ends, in a hash table that grows.
struct QueuePairTable: ~Copyable {
  /// A place of the table; free where nothing was counted.
  struct Entry: BitwiseCopyable {
    var key = QueuePairKey()
    /// A bit for each transport that its opcodes had.
    var transports: UInt8 = 0
    var count = PacketCount()
    var congested: UInt64 = 0
  }

  private var entries: UnsafeMutablePointer<Entry>
  private var capacity = 1024
  private(set) var used = 0
  /// Packets to queue pairs that there was no room for.
  private(set) var others: UInt64 = 0
  /// The entry of the packet before: packets come in messages.
  private var last: UnsafeMutablePointer<Entry>
  /// Nobody who makes captures knows which keys fall together.
  private let secret = SIMD4<UInt64>(
    .random(in: 0 ... .max), .random(in: 0 ... .max), .random(in: 0 ... .max),
    .random(in: 0 ... .max))

  private let most: Int

  /// - Parameter most: no fabric has more in one capture, and a hostile one shall not take all
  ///   memory.
  init(most: Int = 1 << 20) {
    self.most = most
    entries = Self.allocate(capacity)
    last = entries
  }

  deinit { entries.deallocate() }

  var all: [Entry] {
    UnsafeBufferPointer(start: entries, count: capacity).filter { $0.count.packets > 0 }
  }

  @inline(__always)
  mutating func add(
    _ key: QueuePairKey, _ length: UInt64, transport: UInt8, isCongested: Bool
  ) {
    guard let entry = entry(key) else {
      others &+= 1
      return
    }
    entry.pointee.count.add(length)
    entry.pointee.congested &+= isCongested ? 1 : 0
    entry.pointee.transports |= 1 << transport
    last = entry
  }

  @inline(__always)
  private mutating func entry(_ key: QueuePairKey) -> UnsafeMutablePointer<Entry>? {
    if last.pointee.key == key, last.pointee.count.packets > 0 { return last }
    return find(key)
  }

  private mutating func find(_ key: QueuePairKey) -> UnsafeMutablePointer<Entry>? {
    var place = entries + (hash(key) & (capacity - 1))
    while place.pointee.count.packets > 0 {
      if place.pointee.key == key { return place }
      place = place + 1 == entries + capacity ? entries : place + 1
    }
    guard used < most else { return nil }
    if used * 2 >= capacity {
      grow()
      return find(key)
    }
    used += 1
    place.pointee.key = key
    return place
  }

  /// Two of these multiplications mix all bits of their factors.
  @inline(__always)
  private func hash(_ key: QueuePairKey) -> Int {
    let mixed = key.words ^ secret
    let number = UInt64(key.number)
    let first = Self.fold(mixed.x, mixed.y ^ number)
    let second = Self.fold(mixed.z ^ number, mixed.w)
    return Int(truncatingIfNeeded: Self.fold(first ^ secret.w, second ^ secret.x))
  }

  @inline(__always)
  private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }

  private mutating func grow() {
    let old = UnsafeMutableBufferPointer(start: entries, count: capacity)
    capacity *= 2
    entries = Self.allocate(capacity)
    for entry in old where entry.count.packets > 0 {
      var place = hash(entry.key) & (capacity - 1)
      while entries[place].count.packets > 0 { place = (place + 1) & (capacity - 1) }
      entries[place] = entry
    }
    old.deallocate()
    last = entries
  }

  private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<Entry> {
    let entries = UnsafeMutablePointer<Entry>.allocate(capacity: capacity)
    entries.initialize(repeating: Entry(), count: capacity)
    return entries
  }
}
