// SPDX-License-Identifier: BSD-3-Clause

/// What tells one flow or queue pair from another: up to 40 bytes of fields, in host order.
@frozen
public struct FlowKey: Hashable, BitwiseCopyable, Sendable {
  public var words: InlineArray<5, UInt64> = [0, 0, 0, 0, 0]

  @inlinable public init() {}

  @inlinable @inline(__always) public static func == (left: FlowKey, right: FlowKey) -> Bool {
    let first = (left.words[0] ^ right.words[0]) | (left.words[1] ^ right.words[1])
    let second = (left.words[2] ^ right.words[2]) | (left.words[3] ^ right.words[3])
    return first | second | (left.words[4] ^ right.words[4]) == 0
  }

  public func hash(into hasher: inout Hasher) {
    for index in 0..<5 { hasher.combine(words[index]) }
  }
}

/// One flow or queue pair: the cache line that each of its packets touches.
@frozen
public struct FlowEntry: BitwiseCopyable {
  public var key: FlowKey
  /// When its last packet came, in nanoseconds.
  public var lastSeen: UInt64
  /// Its packets, below a number that changes when the entry is given to another flow.
  @usableFromInline var tally: UInt64 = 0
  /// Its bytes, below flags.
  @usableFromInline var volume: UInt64 = 0

  @inlinable public init(key: FlowKey, nanoseconds: UInt64) {
    self.key = key
    lastSeen = nanoseconds
  }

  /// Their count comes round after a month of 100 million a second.
  @inlinable public var packets: UInt64 { tally & 0xffff_ffff_ffff }

  /// Their count comes round after a year of 400 Gb/s.
  @inlinable public var bytes: UInt64 { volume & 0x1fff_ffff_ffff_ffff }

  /// Whose entry it is, for those that keep something beside it: another flow, or another
  /// connection with the same key, has another owner. Never 0.
  @inlinable @inline(__always)
  public var owner: UInt32 { UInt32(truncatingIfNeeded: tally &>> 48) | 1 &<< 16 }

  @inlinable @inline(__always)
  mutating func count(bytes length: UInt32) {
    tally &+= 1
    volume &+= UInt64(length)
  }

  @inline(__always)
  func has(_ flag: Flag) -> Bool { volume & flag.rawValue != 0 }

  mutating func set(_ flag: Flag, _ isSet: Bool) {
    volume = isSet ? volume | flag.rawValue : volume & ~flag.rawValue
  }

  enum Flag: UInt64 {
    /// The flow's packets are looked at for what they say of pairs.
    case watched = 0x2000_0000_0000_0000
    /// The connection was ended: another packet begins another one.
    case ended = 0x4000_0000_0000_0000
    /// The opposite direction is known.
    case paired = 0x8000_0000_0000_0000
  }

  mutating func setOwner(_ epoch: UInt32) {
    tally = tally & 0xffff_ffff_ffff | UInt64(truncatingIfNeeded: epoch) &<< 48
  }
}
