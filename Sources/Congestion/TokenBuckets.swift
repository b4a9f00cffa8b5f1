// SPDX-License-Identifier: BSD-3-Clause

/// What a meter remembers of one stream of packets: two buckets of tokens, and when it filled them.
@frozen
public struct TokenBuckets: BitwiseCopyable, Sendable {
  /// When tokens were last put in, in nanoseconds.
  public var time: UInt64
  /// Tc of the RFCs.
  public var committed: UInt64
  /// Te of RFC 2697 and RFC 4115, Tp of RFC 2698.
  public var second: UInt64
  /// What there is of the next token, in billionths.
  @usableFromInline var committedFraction: UInt32 = 0
  @usableFromInline var secondFraction: UInt32 = 0

  /// More tokens than a bucket may be made for, so that sums stay within 64 bits.
  @inlinable public static var most: UInt64 { 1 << 62 }
  /// Stands for the time of buckets that no packet has come to yet.
  @inlinable static var never: UInt64 { .max }

  /// Full buckets; their time begins with their first packet.
  @inlinable public init(committed: UInt64, second: UInt64) {
    time = Self.never
    self.committed = committed
    self.second = second
  }

  /// The nanoseconds since tokens were last put in.
  ///
  /// Time that goes backwards, as in merged captures, puts none in and is not taken for the start
  /// of new time: what has been filled for once is not filled for again.
  @inlinable @inline(__always)
  mutating func advance(to now: UInt64) -> UInt64 {
    guard now >= time else {
      if time == Self.never { time = now }
      return 0
    }
    let elapsed = now &- time
    time = now
    return elapsed
  }
}
