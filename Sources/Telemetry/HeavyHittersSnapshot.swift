// SPDX-License-Identifier: BSD-3-Clause

/// The keys with most weight at one instant.
public struct HeavyHittersSnapshot<Key: Hashable> {
  public struct Entry {
    public var key: Key
    /// Not below the true weight.
    public var weight: UInt64
    /// By how much the weight may be too high at most.
    public var error: UInt64
  }

  /// The heaviest comes first.
  public private(set) var entries: [Entry]
  /// Of all keys, whether or not they are present.
  public private(set) var total: UInt64
  /// No key that is not present has more weight than this.
  public private(set) var absent: UInt64
  public private(set) var capacity: Int

  init(_ entries: [Entry], total: UInt64, absent: UInt64, capacity: Int) {
    self.entries = Self.sorted(entries)
    self.total = total
    self.absent = absent
    self.capacity = capacity
  }

  public func top(_ count: Int) -> ArraySlice<Entry> { entries.prefix(max(count, 0)) }

  /// Adds what another has seen. The bounds remain: of both's weight N and the smaller capacity k,
  /// no weight is too high by more than N / k, and a key with more than N / k is present (Agarwal
  /// and others 2012, Mergeable Summaries).
  public mutating func merge(with other: HeavyHittersSnapshot) {
    // Who is absent may have had as much as is said of those.
    var merged = entries.map { $0.adding(weight: other.absent, error: other.absent) }
    let places = Dictionary(uniqueKeysWithValues: entries.indices.map { (entries[$0].key, $0) })
    for entry in other.entries {
      if let place = places[entry.key] {
        merged[place] = entries[place].adding(weight: entry.weight, error: entry.error)
      } else {
        merged.append(entry.adding(weight: absent, error: absent))
      }
    }
    capacity = min(capacity, other.capacity)
    total = total.addingWithoutWrapping(other.total)
    absent = absent.addingWithoutWrapping(other.absent)
    keepHeaviest(Self.sorted(merged))
  }

  private mutating func keepHeaviest(_ sorted: [Entry]) {
    entries = Array(sorted.prefix(capacity))
    if let dropped = sorted.dropFirst(capacity).first { absent = max(absent, dropped.weight) }
  }

  /// Equal ones stay in their order: the same packets give the same list.
  private static func sorted(_ entries: [Entry]) -> [Entry] {
    let order = entries.indices.sorted {
      (entries[$1].weight, entries[$0].error, $0) < (entries[$0].weight, entries[$1].error, $1)
    }
    return order.map { entries[$0] }
  }
}

extension HeavyHittersSnapshot: Sendable where Key: Sendable {}
extension HeavyHittersSnapshot.Entry: Sendable where Key: Sendable {}

extension HeavyHittersSnapshot.Entry {
  fileprivate func adding(weight: UInt64, error: UInt64) -> Self {
    Self(
      key: key, weight: self.weight.addingWithoutWrapping(weight),
      error: self.error.addingWithoutWrapping(error))
  }
}
