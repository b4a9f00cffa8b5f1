// SPDX-License-Identifier: BSD-3-Clause

/// Times work on bursts whose packets are new each time, and in the cache as after parsing.
struct Workload: ~Copyable {
  private let burst = Packets()
  private let results = UnsafeMutablePointer<UInt32>.allocate(capacity: 64)

  struct Cost {
    /// Cycles a packet, of many bursts.
    var least = 0.0
    var median = 0.0
    /// The share of packets that had a result.
    var matched = 0.0
  }

  deinit { results.deallocate() }

  @inline(__always)
  func cost(
    bursts: Int = 4000, _ tuple: () -> Tuple,
    _ work: (borrowing Packets, UnsafeMutablePointer<UInt32>) -> Void
  ) -> Cost {
    var times: [UInt64] = []
    var cost = Cost()
    for _ in 0..<bursts {
      for index in 0..<64 { burst.fill(index, tuple()) }
      results.initialize(repeating: .max, count: 64)
      let start = ticks()
      work(burst, results)
      times.append(ticks() - start)
      for index in 0..<64 { cost.matched += results[index] == .max ? 0 : 1 }
    }
    times.sort()
    cost.least = Double(times[bursts / 100]) / 64
    cost.median = Double(times[bursts / 2]) / 64
    cost.matched /= Double(64 * bursts)
    return cost
  }
}
