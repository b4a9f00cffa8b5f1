// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// Counts packets by the headers that they have.
struct LayerCounts: ~Copyable {
  /// A place of the hash table; free where nothing was counted.
  struct Entry: BitwiseCopyable {
    var layers: Layers = []
    var count = PacketCount()
  }

  private let table = CountTable(capacity: LayerCounts.capacity, of: Entry())
  private var used = 0
  /// Where the packet before was counted: most have the same headers.
  private var last = 0
  /// Packets with headers that there was no room for.
  private(set) var others = PacketCount()

  private static let capacity = 1024
  private static let most = 512

  var entries: [Entry] { table.all.filter { $0.count.packets > 0 } }

  @inline(__always)
  mutating func add(_ layers: Layers, _ length: UInt64) {
    let entry = table.counts + last
    if entry.pointee.layers == layers, entry.pointee.count.packets > 0 {
      entry.pointee.count.add(length)
    } else {
      find(layers, length)
    }
  }

  @inline(never)
  private mutating func find(_ layers: Layers, _ length: UInt64) {
    var place = Int(truncatingIfNeeded: (layers.rawValue &* 0x9E37_79B9_7F4A_7C15) >> 54)
    while table.counts[place].count.packets > 0, table.counts[place].layers != layers {
      place = (place + 1) % Self.capacity
    }
    if table.counts[place].count.packets == 0 {
      guard used < Self.most else { return others.add(length) }
      used += 1
      table.counts[place].layers = layers
    }
    table.counts[place].count.add(length)
    last = place
  }
}
