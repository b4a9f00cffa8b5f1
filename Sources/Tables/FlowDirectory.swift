// SPDX-License-Identifier: BSD-3-Clause

/// The way from an entry of a flow table to what the table has beside it, for those that are given
/// entries and do not own the table. It is right for as long as the entries are: for a burst.
@frozen
public struct FlowDirectory: BitwiseCopyable {
  @usableFromInline let entries: UnsafeMutablePointer<FlowEntry>?
  @usableFromInline let details: UnsafeMutablePointer<FlowDetails>?
  @usableFromInline let touched: UInt32

  /// Of no table: it knows nothing.
  public init() {
    entries = nil
    details = nil
    touched = 0
  }

  init(_ table: borrowing FlowTable) {
    entries = table.entries
    details = table.details
    touched = table.touched
  }

  /// Whether it is of no table.
  @inlinable public var isEmpty: Bool { entries == nil }

  /// Whether both are of one table.
  @inlinable @inline(__always)
  public func sharesTable(with other: FlowDirectory) -> Bool { entries == other.entries }

  /// The entry's number in its table, below the table's capacity; nil when it is in another table.
  @inlinable @inline(__always)
  public func number(of entry: UnsafeMutablePointer<FlowEntry>) -> Int? {
    // An entry of another table, or one where there is no table, is far away.
    let distance = UInt(bitPattern: entry) &- UInt(bitPattern: entries)
    let number = distance / UInt(MemoryLayout<FlowEntry>.stride)
    return number < UInt(touched) ? Int(bitPattern: number) : nil
  }

  /// Changes when the entry is given to another flow.
  @inlinable @inline(__always)
  public func epoch(of entry: UnsafeMutablePointer<FlowEntry>) -> UInt32 {
    guard let details, let number = number(of: entry) else { return 0 }
    return details[number].epoch
  }

  /// The flow of the opposite direction, where it is known.
  public func peer(
    of entry: UnsafeMutablePointer<FlowEntry>
  ) -> UnsafeMutablePointer<FlowEntry>? {
    guard let details, let entries, let number = number(of: entry) else { return nil }
    let peer = details[number].peer
    guard peer.number < touched, details[Int(peer.number)].epoch == peer.epoch else { return nil }
    return entries + Int(peer.number)
  }
}

extension FlowTable {
  public var directory: FlowDirectory { FlowDirectory(self) }
}
