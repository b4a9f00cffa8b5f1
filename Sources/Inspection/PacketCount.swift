// SPDX-License-Identifier: BSD-3-Clause

/// So many packets, of so many bytes on the wire.
struct PacketCount: BitwiseCopyable, Sendable {
  var packets: UInt64 = 0
  var bytes: UInt64 = 0

  @inline(__always)
  mutating func add(_ length: UInt64) {
    packets &+= 1
    bytes &+= length
  }
}

/// Counts by a number below `capacity`, in memory that is allocated once.
struct CountTable<Count: BitwiseCopyable>: ~Copyable {
  let counts: UnsafeMutablePointer<Count>
  let capacity: Int

  init(capacity: Int, of zero: Count) {
    self.capacity = capacity
    counts = .allocate(capacity: capacity)
    counts.initialize(repeating: zero, count: capacity)
  }

  deinit { counts.deallocate() }

  var all: [Count] { Array(UnsafeBufferPointer(start: counts, count: capacity)) }
}
