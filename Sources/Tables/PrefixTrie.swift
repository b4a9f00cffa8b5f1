// SPDX-License-Identifier: BSD-3-Clause

/// Finds the longest prefix of an address: by its first 16 bits in a table of all such, then some
/// bits at a time in nodes for what has longer prefixes.
///
/// An entry is the number of a rule, or with the highest bit set the number of a node.
@usableFromInline
struct PrefixTrie: ~Copyable {
  @usableFromInline let root: TableMemory<UInt32>
  @usableFromInline let nodes: TableMemory<UInt32>
  /// How many bits of an address choose among the entries of a node: 8, or 4 where that takes too
  /// much memory.
  @usableFromInline let stride: UInt64
  /// By packet that is looked up, without gaps: its entry, and where it is in the burst.
  @usableFromInline let entries: UnsafeMutablePointer<UInt32>
  @usableFromInline let packets: UnsafeMutablePointer<UInt8>
  let room: TableRoom

  @inlinable static var rootBits: UInt64 { 16 }
  @inlinable static var nodeMark: UInt32 { 1 << 31 }
  /// Stands for no rule.
  @inlinable static var none: UInt32 { nodeMark - 1 }

  init(_ rules: [PrefixTable.Rule]) throws(TableError) {
    let builder = try PrefixTrieBuilder.build(rules)
    let root = try TableMemory(builder.root)
    let nodes = try TableMemory(builder.nodes)
    room = TableRoom(
      capacity: builder.root.count + builder.nodes.count,
      inUse: (builder.root + builder.nodes).count { $0 & Self.nodeMark == 0 && $0 != Self.none },
      bytes: root.byteCount + nodes.byteCount)
    self.root = root
    self.nodes = nodes
    stride = UInt64(builder.stride)
    entries = .allocate(capacity: 64)
    entries.initialize(repeating: 0, count: 64)
    packets = .allocate(capacity: 64)
    packets.initialize(repeating: 0, count: 64)
  }

  deinit {
    entries.deallocate()
    packets.deallocate()
  }

  /// `high` has the first 64 bits of each packet's address, `low` those behind them.
  @inlinable @inline(__always)
  func lookUp(
    _ selection: UInt64, _ high: UnsafeMutablePointer<UInt64>, _ low: UnsafeMutablePointer<UInt64>,
    _ results: UnsafeMutablePointer<UInt32>
  ) {
    var bits = selection
    var count = 0
    var marks: UInt32 = 0
    while bits != 0 {
      let index = bits.trailingZeroBitCount
      bits &= bits &- 1
      let entry = root.start[Int(truncatingIfNeeded: high[index] &>> (64 &- Self.rootBits))]
      marks |= entry
      entries[count] = entry
      packets[count] = UInt8(truncatingIfNeeded: index)
      count &+= 1
    }
    if marks & Self.nodeMark != 0 { descend(count, high, low) }
    for position in 0..<count {
      let entry = entries[position]
      let index = Int(packets[position])
      results[index] = min(results[index], entry == Self.none ? .max : entry)
    }
  }

  /// Takes all packets one node further at a time: no packet waits for the memory that another one
  /// needs, and there is no branch that could be foretold wrongly.
  @inlinable @inline(__always)
  func descend(
    _ count: Int, _ high: UnsafeMutablePointer<UInt64>, _ low: UnsafeMutablePointer<UInt64>
  ) {
    let mask: UInt64 = (1 &<< stride) &- 1
    var shift = 64 &- Self.rootBits &- stride
    var half = high
    while true {
      var marks: UInt32 = 0
      for position in 0..<count {
        let entry = entries[position]
        let address = half[Int(packets[position])]
        let isNode = entry & Self.nodeMark != 0
        let node = UInt64(entry & Self.none) &<< stride | address &>> shift & mask
        let next = nodes.start[isNode ? Int(truncatingIfNeeded: node) : 0]
        let reached = isNode ? next : entry
        entries[position] = reached
        marks |= reached
      }
      guard marks & Self.nodeMark != 0 else { return }
      if shift == 0 {
        shift = 64 &- stride
        half = low
      } else {
        shift &-= stride
      }
    }
  }
}
