// SPDX-License-Identifier: BSD-3-Clause

/// A value that came so many times in a row, which its distribution does not have yet: of packets
/// and messages that are alike, a comparison each.
struct ValueRun: BitwiseCopyable {
  private(set) var value: UInt64 = 0
  private(set) var count: UInt64 = 0

  @inline(__always)
  mutating func add(_ value: UInt64, to distribution: borrowing LogLinearHistogram) {
    if value != self.value { end(distribution, before: value) }
    count &+= 1
  }

  @inline(never)
  private mutating func end(_ distribution: borrowing LogLinearHistogram, before next: UInt64) {
    distribution.record(value, times: count)
    value = next
    count = 0
  }

  mutating func end(_ distribution: borrowing LogLinearHistogram) {
    end(distribution, before: value)
  }
}
