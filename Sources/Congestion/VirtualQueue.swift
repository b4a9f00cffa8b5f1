// SPDX-License-Identifier: BSD-3-Clause

/// A queue that holds no packets: it only counts how deep a queue before a link of some rate would
/// be. What comes makes it deeper at once, and time drains it like a fluid.
@frozen
public struct VirtualQueue: BitwiseCopyable, Sendable {
  /// In bytes per second.
  public let rate: TokenRate
  @usableFromInline var bytes: UInt64 = 0
  /// The most bytes before any time passed.
  @usableFromInline var mostBytes: UInt64 = 0
  /// Until when it has drained, in nanoseconds.
  @usableFromInline var time: UInt64 = TokenBuckets.never
  /// What is gone of the next byte, in billionths.
  @usableFromInline var fraction: UInt32 = 0
  @usableFromInline var backward: UInt64 = 0

  /// - Parameter bytesPerSecond: at least 1.
  public init(bytesPerSecond: UInt64) { rate = TokenRate(perSecond: bytesPerSecond) }

  /// In bytes; one that is partly gone counts whole.
  @inlinable public var depth: UInt64 { bytes }
  /// The most that it has been.
  @inlinable public var highWater: UInt64 { max(mostBytes, bytes) }
  /// How often time went backwards.
  @inlinable public var backwardSteps: UInt64 { backward }

  /// Drains until `now`, and returns the bytes that it could have sent beyond what it had.
  ///
  /// Time that goes backwards drains nothing, and what has drained once does not drain again.
  @discardableResult
  @inlinable @inline(__always)
  public mutating func drain(until now: UInt64) -> UInt64 {
    if now == time { return 0 }
    guard now > time else {
      if time == TokenBuckets.never { time = now } else { backward &+= 1 }
      return 0
    }
    mostBytes = max(mostBytes, bytes)
    let sent = rate.tokens(in: now &- time, &fraction)
    time = now
    guard sent < bytes else {
      let idle = sent &- bytes
      bytes = 0
      fraction = 0
      return idle
    }
    bytes &-= sent
    return 0
  }

  @inlinable @inline(__always)
  public mutating func add(_ count: UInt64) {
    bytes &+= count
  }
}
