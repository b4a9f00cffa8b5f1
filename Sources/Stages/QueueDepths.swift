// SPDX-License-Identifier: BSD-3-Clause

/// How deep a `queue` is, for whoever wants to look: `context.common("queue NAME")` is that of the
/// queue with the name. The stage writes it whenever a packet comes or goes.
public final class QueueDepths {
  /// In bytes: by priority, and behind them all together.
  public let bytes: UnsafeMutablePointer<UInt64>

  static var all: Int { 8 }

  public init() {
    bytes = .allocate(capacity: Self.all + 1)
    bytes.initialize(repeating: 0, count: Self.all + 1)
  }

  deinit { bytes.deallocate() }

  public func depth(of priority: Int) -> UInt64 { bytes[priority & 7] }

  public var depth: UInt64 { bytes[Self.all] }
}
