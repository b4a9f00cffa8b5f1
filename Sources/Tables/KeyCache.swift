// SPDX-License-Identifier: BSD-3-Clause
import CDPDK

/// What a table has found for keys that came not long ago: packets of a flow have equal keys, and
/// rules do not change. Each key has one slot, which the key that came last has for itself.
@usableFromInline
struct KeyCache: ~Copyable {
  /// As many as Open vSwitch remembers, which is enough for what is on its way at one time.
  private static var slotCount: Int { 8192 }

  /// Of each slot the key's words, then the number with `isUsed`, or 0.
  @usableFromInline let entries: TableMemory<UInt64>
  @usableFromInline let stride: Int
  @usableFromInline let width: Int
  @usableFromInline let mask: UInt64
  /// By packet: its slot.
  @usableFromInline let slots: UnsafeMutablePointer<UnsafeMutablePointer<UInt64>>

  @usableFromInline static var isUsed: UInt64 { 1 &<< 32 }
  @usableFromInline static var seed: UInt64 { 0x9e37_79b9_7f4a_7c15 }

  /// `width` is that of the keys in words.
  init(width: Int) throws(TableError) {
    let entries = try TableMemory<UInt64>(count: Self.slotCount * (width + 1))
    self.entries = entries
    self.width = width
    stride = width + 1
    mask = UInt64(Self.slotCount - 1)
    slots = .allocate(capacity: 64)
    slots.initialize(repeating: self.entries.start, count: 64)
  }

  deinit { slots.deallocate() }

  static func byteCount(width: Int) -> Int {
    slotCount * (width + 1) * MemoryLayout<UInt64>.stride
  }

  /// Brings `results` down to what is known for the packets' keys, of which `words` has `width` for
  /// each; returns the packets of which nothing is known.
  @inlinable @inline(__always)
  func find(
    _ selection: UInt64, _ words: UnsafeMutablePointer<UInt64>,
    _ results: UnsafeMutablePointer<UInt32>
  ) -> UInt64 {
    var bits = selection
    while bits != 0 {
      let index = bits.trailingZeroBitCount
      bits &= bits &- 1
      let hash = PerfectHash.hash(words + index &* width, width: width, seed: Self.seed)
      let slot = entries.start + Int(truncatingIfNeeded: hash & mask) &* stride
      cdpdk_prefetch(slot)
      slots[index] = slot
    }
    var missed = selection
    bits = selection
    while bits != 0 {
      let index = bits.trailingZeroBitCount
      bits &= bits &- 1
      let (slot, key) = (slots[index], words + index &* width)
      let found = slot[width]
      var difference = found == 0 ? UInt64.max : 0
      for word in 0..<width { difference |= slot[word] ^ key[word] }
      guard difference == 0 else { continue }
      results[index] = min(results[index], UInt32(truncatingIfNeeded: found))
      missed &= ~(1 &<< UInt64(truncatingIfNeeded: index))
    }
    return missed
  }

  /// Remembers what was found for a packet that `find` did not know.
  @inlinable @inline(__always)
  func keep(_ index: Int, _ words: UnsafeMutablePointer<UInt64>, _ number: UInt32) {
    let (slot, key) = (slots[index], words + index &* width)
    for word in 0..<width { slot[word] = key[word] }
    slot[width] = UInt64(number) | Self.isUsed
  }
}
