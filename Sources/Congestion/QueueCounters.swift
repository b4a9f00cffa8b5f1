// SPDX-License-Identifier: BSD-3-Clause

/// What a queue has counted of the packets of one priority.
@frozen
public struct QueueCounters: BitwiseCopyable, Sendable {
  /// Packets that were taken in, and their bytes.
  public var packets: UInt64 = 0
  public var bytes: UInt64 = 0
  /// Packets that were turned away since there was no room for their bytes.
  public var full: UInt64 = 0
  /// Packets that were turned away since as many were held as may be.
  public var unheld: UInt64 = 0
  /// Bytes that wait now, and the most that have waited at once.
  public var depth: UInt64 = 0
  public var highWater: UInt64 = 0
  /// When the last transmission began, in nanoseconds.
  public var lastBegin: UInt64 = 0
  /// Packets whose transmission has begun, and how long they had waited, in nanoseconds.
  public var begun: UInt64 = 0
  public var sojournSum: UInt64 = 0
  public var sojournMost: UInt64 = 0

  @inlinable public init() {}
}
