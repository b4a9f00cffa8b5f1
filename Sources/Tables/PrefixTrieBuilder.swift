// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// Writes the entries of a trie, shorter prefixes first: what a longer one finds in its place is
/// then the number of the block around it.
struct PrefixTrieBuilder {
  private(set) var root: [UInt32]
  private(set) var nodes: [UInt32]
  let stride: Int
  private let limit: Int

  /// Nodes of 256 entries may take that much, those of 16 that much.
  private static let limits = [8: 8 << 20, 4: 512 << 20]

  static func build(_ rules: [PrefixTable.Rule]) throws(TableError) -> PrefixTrieBuilder {
    let ascending = rules.sorted { $0.prefix.length < $1.prefix.length }
    for stride in [8, 4] {
      // Nothing is looked up where there are no rules.
      let bits = rules.isEmpty ? 0 : Int(PrefixTrie.rootBits)
      var builder = PrefixTrieBuilder(rootBits: bits, stride: stride, limit: limits[stride] ?? 0)
      if try builder.add(ascending) { return builder }
    }
    throw TableError("\(rules.count) prefixes take more than \((limits[4] ?? 0) >> 20) MB")
  }

  private init(rootBits: Int, stride: Int, limit: Int) {
    self.stride = stride
    self.limit = limit / MemoryLayout<UInt32>.stride
    root = Array(repeating: PrefixTrie.none, count: 1 << rootBits)
    // Whoever has reached its rule reads the first entry of the first node for nothing.
    nodes = Array(repeating: PrefixTrie.none, count: 1 << stride)
  }

  /// False when the nodes take more memory than they may.
  private mutating func add(_ rules: [PrefixTable.Rule]) throws(TableError) -> Bool {
    for rule in rules {
      guard rule.number < PrefixTrie.none else {
        throw TableError("rule \(rule.number) of prefixes has too high a number")
      }
      add(rule.prefix, rule.number)
      if nodes.count > limit { return false }
    }
    return true
  }

  private mutating func add(_ prefix: IPPrefix, _ number: UInt32) {
    let address = prefix.leftAligned
    let rootBits = Int(PrefixTrie.rootBits)
    let first = Int(truncatingIfNeeded: address >> UInt128(128 - rootBits))
    if prefix.length <= rootBits {
      let count = 1 << (rootBits - prefix.length)
      for index in first..<(first + count) { root[index] = min(root[index], number) }
      return
    }
    root[first] = withNode(root[first])
    var node = Int(root[first] & PrefixTrie.none)
    var end = rootBits + stride
    while true {
      let mask = (1 << stride) - 1
      let position = Int(truncatingIfNeeded: address >> UInt128(128 - end)) & mask
      let index = node << stride | position
      if prefix.length <= end {
        let count = 1 << (end - prefix.length)
        for index in index..<(index + count) { nodes[index] = min(nodes[index], number) }
        return
      }
      nodes[index] = withNode(nodes[index])
      node = Int(nodes[index] & PrefixTrie.none)
      end += stride
    }
  }

  /// The entry itself when it leads to a node, or else one that leads to a new node which says what
  /// the entry said.
  private mutating func withNode(_ entry: UInt32) -> UInt32 {
    guard entry & PrefixTrie.nodeMark == 0 else { return entry }
    let node = UInt32(nodes.count >> stride)
    nodes.append(contentsOf: repeatElement(entry, count: 1 << stride))
    return node | PrefixTrie.nodeMark
  }
}

extension IPPrefix {
  /// The address in the upper bits.
  fileprivate var leftAligned: UInt128 {
    switch address {
    case .v4(let address): UInt128(address.value) << 96
    case .v6(let address): UInt128(address.high) << 64 | UInt128(address.low)
    }
  }
}
