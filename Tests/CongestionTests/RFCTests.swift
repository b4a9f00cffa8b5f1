// SPDX-License-Identifier: BSD-3-Clause
import CMeter
import Congestion
import Testing

/// A kind of meter with rates at which its colors are about equally frequent.
struct MeterCase: CustomStringConvertible {
  let algorithm: Meter.Algorithm
  /// CIR and CBS, then the other rate and size.
  let cir: UInt64
  let cbs: UInt64
  let rate: UInt64
  let size: UInt64
  let isColorAware: Bool

  var description: String { "\(algorithm), \(cir) B/s\(isColorAware ? ", color-aware" : "")" }

  var meter: Meter {
    Meter(
      algorithm, committedRate: cir, committedSize: cbs, secondRate: rate, secondSize: size)
  }

  /// Rates that divide a second and rates that do not, from 1 kbit/s to 800 Gbit/s.
  static let all: [MeterCase] = [125, 1_000_000, 999_999_937, 3_333_333_333, 100_000_000_000]
    .flatMap { rate in
      [false, true].flatMap { isAware in
        [
          MeterCase(
            algorithm: .singleRate, cir: rate, cbs: 150, rate: 0, size: 250,
            isColorAware: isAware),
          MeterCase(
            algorithm: .twoRate, cir: rate, cbs: 150, rate: rate * 3 / 2, size: 250,
            isColorAware: isAware),
          MeterCase(
            algorithm: .twoRateInProfile, cir: rate, cbs: 150, rate: rate / 2 + 1, size: 90,
            isColorAware: isAware),
        ]
      }
    }
}

@Suite("Meters against the RFCs") struct RFCTests {
  /// A time as captures have them.
  private static let start: UInt64 = 1_700_000_000_123_456_789

  @Test(arguments: MeterCase.all)
  func everyColorIsThatOfTheSpecification(_ one: MeterCase) {
    let meter = one.meter
    var buckets = meter.full
    var model = RFCMeter(
      one.algorithm, cir: one.cir, cbs: one.cbs, rate: one.rate, size: one.size,
      start: Self.start)
    var traffic = Traffic(
      seed: 7, start: Self.start, largest: 60, bytesPerSecond: one.cir * 4)
    _ = meter.color(1, at: Self.start, &buckets)
    _ = model.color(1, at: Self.start, after: .green)
    var counts = [0, 0, 0, 0]
    var wrong = 0
    for _ in 0..<100_000 {
      let packet = traffic.next()
      let before = one.isColorAware ? packet.color : .green
      let color = meter.color(packet.bytes, at: packet.time, after: before, &buckets)
      if color != model.color(packet.bytes, at: packet.time, after: before) { wrong += 1 }
      counts[Int(color.rawValue)] += 1
    }
    #expect(wrong == 0)
    #expect(buckets.committed == model.tc)
    #expect(buckets.second == model.second)
    #expect(counts.dropFirst().allSatisfy { $0 > 500 }, "\(counts)")
  }

  /// DPDK's meters put tokens in at even periods of whole units of time: where the rates are such,
  /// their colors are the same.
  @Test(arguments: [cmeter_srtcm, cmeter_trtcm, cmeter_trtcm_rfc4115], [0, 1])
  func colorsAreThoseOfDPDK(_ algorithm: cmeter_algorithm, aware: Int) {
    let algorithms: [Meter.Algorithm] = [.singleRate, .twoRate, .twoRateInProfile]
    // A byte each 1,000 ns, and each 625 ns.
    let meter = Meter(
      algorithms[Int(algorithm.rawValue)], committedRate: 1_000_000, committedSize: 3000,
      secondRate: 1_600_000, secondSize: 4500)
    var buckets = meter.full
    var other = cmeter(
      committed_period: 1000, committed_size: 3000, second_period: 625, second_size: 4500,
      times: (0, 0), tokens: (0, 0))
    cmeter_begin(&other, Self.start)
    var traffic = Traffic(
      seed: 3, start: Self.start, largest: 1500, bytesPerSecond: 1_200_000)
    _ = meter.color(1, at: Self.start, &buckets)
    _ = cmeter_color(&other, algorithm, Self.start, 1, 0)
    var wrong = 0
    for _ in 0..<100_000 {
      let packet = traffic.next()
      let before: MeterColor = aware == 1 ? packet.color : .green
      let color = meter.color(packet.bytes, at: packet.time, after: before, &buckets)
      let expected = cmeter_color(
        &other, algorithm, packet.time, UInt32(packet.bytes), Int32(before.rawValue) - 1)
      if Int32(color.rawValue) - 1 != expected { wrong += 1 }
    }
    #expect(wrong == 0)
    #expect(buckets.committed == other.tokens.0)
    #expect(buckets.second == other.tokens.1)
  }
}
