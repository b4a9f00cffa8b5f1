// SPDX-License-Identifier: BSD-3-Clause

/// What tables of rules take.
public struct TableRoom: Sendable, Equatable {
  /// Entries that there are, and those of them that rules have. Where a packet is looked up by some
  /// bits at a time a rule may have many, and elsewhere several rules may share one.
  public var capacity = 0
  public var inUse = 0
  /// Of memory, beside what a burst needs.
  public var bytes = 0

  static func += (left: inout TableRoom, right: TableRoom) {
    left.capacity += right.capacity
    left.inUse += right.inUse
    left.bytes += right.bytes
  }
}
