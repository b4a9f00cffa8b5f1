// SPDX-License-Identifier: BSD-3-Clause

/// One packet's way through a table: one cache line of scratch memory.
@frozen
public struct FlowLookup: BitwiseCopyable {
  public var key = FlowKey()
  /// The key's hash; `find` puts the entry in its place.
  @usableFromInline var hash: UInt64 = 0
  /// The packet's time in nanoseconds.
  public var nanoseconds: UInt64 = 0
  /// The packet's bytes on the wire, which the flow counts.
  public var length: UInt32 = 0
  /// The packet's place in the burst.
  public var index: UInt8 = 0

  @inlinable init() {}

  /// Sets a key in which only the first and the last word are not 0, and its hash.
  @inlinable @inline(__always)
  mutating func setNarrow(_ one: UInt64, _ last: UInt64, _ hasher: FlowHash) {
    key.words[0] = one
    key.words[1] = 0
    key.words[2] = 0
    key.words[3] = 0
    key.words[4] = last
    hash = hasher.narrow(one, last)
  }

  /// The packet's flow; nil when it is not tracked.
  @inlinable public internal(set) var entry: UnsafeMutablePointer<FlowEntry>? {
    get { UnsafeMutablePointer(bitPattern: UInt(hash)) }
    set { hash = UInt64(UInt(bitPattern: newValue)) }
  }
}
