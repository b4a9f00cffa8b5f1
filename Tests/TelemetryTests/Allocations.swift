// SPDX-License-Identifier: BSD-3-Clause
import CAllocations

/// How often memory was asked for while each of `values` was handed over, for the second time:
/// Swift looks types up when they are first used.
func allocations<Value>(for values: [Value], _ record: (Value) -> Void) -> UInt64 {
  values.withUnsafeBufferPointer { values in
    var before: UInt64 = 0
    for _ in 0..<2 {
      before = allocations_of_this_thread()
      // What an array's iterator allocates in a debug build is not meant.
      var next = 0
      while next < values.count {
        record(values[next])
        next += 1
      }
    }
    return allocations_of_this_thread() - before
  }
}
