// SPDX-License-Identifier: BSD-3-Clause
import Congestion
import Testing

@Suite("What a meter lets pass") struct ConservationTests {
  /// The most by which bytes exceeded a rate, over every window that begins and ends with a packet:
  /// in billionths of a byte.
  private func excess(_ packets: [(time: UInt64, bytes: UInt64)], rate: UInt64) -> Int128 {
    var sum: Int128 = 0
    var lowest = Int128.max
    var most: Int128 = 0
    let start = packets.first?.time ?? 0
    for packet in packets {
      let allowed = Int128(rate) * Int128(packet.time - start)
      lowest = min(lowest, sum - allowed)
      sum += Int128(packet.bytes) * 1_000_000_000
      most = max(most, sum - allowed - lowest)
    }
    return most
  }

  private static let rates: [UInt64] = [125, 1_250_000, 1_250_000_001, 100_000_000_000]

  @Test(arguments: rates, [Meter.Algorithm.singleRate, .twoRate, .twoRateInProfile])
  func noWindowHasMoreGreenThanTheRateAndTheBurst(rate: UInt64, algorithm: Meter.Algorithm) {
    let meter = Meter(
      algorithm, committedRate: rate, committedSize: 9000, secondRate: rate * 2,
      secondSize: 20_000)
    var buckets = meter.full
    var traffic = Traffic(seed: 11, start: 1 << 60, largest: 1500, bytesPerSecond: rate * 3)
    var green: [(time: UInt64, bytes: UInt64)] = []
    var all: UInt64 = 0
    for _ in 0..<50_000 {
      let packet = traffic.next()
      all += packet.bytes
      if meter.color(packet.bytes, at: packet.time, &buckets) == .green {
        green.append((packet.time, packet.bytes))
      }
    }
    // A token may come at the window's first nanosecond.
    #expect(excess(green, rate: rate) <= (9000 + 1) * 1_000_000_000)
    #expect(green.reduce(0) { $0 + $1.bytes } < all)
  }

  @Test(arguments: rates)
  func aSteadyStreamAtTheRatePassesWhole(rate: UInt64) {
    let meter = Meter(rate: rate, burst: 1500)
    var buckets = meter.full
    for number: UInt64 in 0..<20_000 {
      // The first nanosecond at which all its tokens are there.
      let time = (number * 1500 * 1_000_000_000 + rate - 1) / rate
      #expect(meter.color(1500, at: time, &buckets) == .green, "packet \(number + 1)")
    }
  }
}
