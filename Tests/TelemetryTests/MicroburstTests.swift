// SPDX-License-Identifier: BSD-3-Clause
import Telemetry
import Testing

@Suite struct MicroburstTests {
  private typealias Packet = (time: UInt64, bytes: UInt64)
  private let second: UInt64 = 1_000_000_000

  /// Packets whose gaps are spread in a shape, in bins of 10 microseconds.
  private func packets(_ shape: Shape, seed: UInt64) -> [Packet] {
    var generator = SeededGenerator(seed: seed)
    var time: UInt64 = 1_700_000_000_000_000_000
    return shape.values(5000, seed: seed).map { gap in
      // Most packets come in trains.
      if UInt8.random(in: 0..<8, using: &generator) == 0 { time += gap }
      time += UInt64.random(in: 0...1500, using: &generator)
      return (time, .random(in: 64...9000, using: &generator))
    }
  }

  private func microbursts(_ packets: [Packet], _ bins: borrowing MicroburstBins) -> Microbursts {
    var microbursts = Microbursts()
    for packet in packets { microbursts.add(packet.bytes, at: packet.time, bins) }
    microbursts.end(bins)
    return microbursts
  }

  @Test(arguments: Shape.allCases, [1, 10_000, 12_345, 100_000])
  func figuresAreThoseOfABinByBinCount(_ shape: Shape, length: UInt64) {
    let packets = packets(shape, seed: 1)
    let bins = MicroburstBins(length: length, threshold: 20_000, precision: 5)
    let figures = microbursts(packets, bins).figures

    let exact = Dictionary(packets.map { ($0.time / length, $0.bytes) }, uniquingKeysWith: +)
    let above = exact.filter { $0.value > 20_000 }.map(\.key).sorted()
    #expect(figures.bins == UInt64(exact.count))
    #expect(figures.above == UInt64(above.count))
    #expect(figures.longestRun == longestRun(of: above))
    #expect(figures.highest == exact.values.max())
    #expect(exact[figures.highestAt / length] == figures.highest)
    #expect(figures.highestAt % length == 0)
    #expect(figures.late == 0)

    let histogram = bins.bytes.snapshot
    #expect(histogram.count == UInt64(exact.count))
    #expect(histogram.sum == packets.map(\.bytes).reduce(0, +))
    #expect(histogram.maximum == figures.highest)
  }

  private func longestRun(of bins: [UInt64]) -> UInt64 {
    var (longest, run) = (UInt64(0), UInt64(0))
    for (place, bin) in bins.enumerated() {
      run = place > 0 && bins[place - 1] + 1 == bin ? run + 1 : 1
      longest = max(longest, run)
    }
    return longest
  }

  @Test func aBinEndsWithAPacketOfAnother() {
    let bins = MicroburstBins(threshold: 1000)
    var microbursts = Microbursts()

    let ends = [(0, 100), (9999, 200), (10_000, 50), (39_999, 1)].map { time, bytes in
      microbursts.add(bytes, at: time, bins)
    }
    #expect(ends == [false, false, true, true])
    #expect(microbursts.ended == (10_000, 50))
    #expect(microbursts.figures.highest == 300 && microbursts.figures.highestAt == 0)
  }

  @Test func onlyMoreThanTheThresholdIsAbove() {
    let bins = MicroburstBins(threshold: 100)
    let packets: [Packet] = [(0, 100), (10_000, 101), (20_000, 100)]
    let figures = microbursts(packets, bins).figures
    #expect(figures.above == 1 && figures.longestRun == 1)
  }

  @Test func silenceEndsARun() {
    let bins = MicroburstBins(threshold: 100)
    let starts: [UInt64] = [0, 10_000, 30_000, 40_000, 50_000, 1 << 40]
    let figures = microbursts(starts.map { ($0, 500) }, bins).figures
    #expect(figures.above == 6 && figures.longestRun == 3)
  }

  @Test func latePacketsCountInTheBinThatIsOpen() {
    let bins = MicroburstBins(threshold: 100)
    let packets: [Packet] = [(50_000, 10), (49_999, 20), (0, 30), (50_001, 40)]
    let figures = microbursts(packets, bins).figures
    #expect(figures.bins == 1 && figures.highest == 100 && figures.late == 2)
  }

  @Test func aClockThatIsSetBackBeginsAnew() {
    let bins = MicroburstBins(threshold: 100)
    let packets: [Packet] = [(9 * second, 10), (5, 20), (20_000, 30)]
    let figures = microbursts(packets, bins).figures
    #expect(figures.bins == 3 && figures.highest == 30 && figures.late == 0)
  }

  @Test func allOfTimeIsABinOrNone() {
    let bins = MicroburstBins(threshold: 100)
    let packets: [Packet] = [(0, .max), (0, .max), (.max, 1), (.max, 0)]
    let microbursts = microbursts(packets, bins)
    #expect(microbursts.figures.bins == 2)
    #expect(microbursts.figures.highest == .max)
    #expect(microbursts.ended.bytes == 1)
  }

  @Test func withoutPacketsThereIsNoBin() {
    let bins = MicroburstBins(threshold: 100)
    #expect(microbursts([], bins).figures == Microbursts.Figures())
    #expect(bins.bytes.snapshot.count == 0)
  }

  @Test func theLastSecondOfSteadyTrafficIsItsRate() {
    let bins = MicroburstBins(threshold: 1 << 30)
    var microbursts = Microbursts()
    for millisecond in UInt64(0)..<5500 {
      microbursts.add(1000, at: millisecond * 1_000_000, bins)
      // The bin before the last has ended; what came in the last second are 1000 packets.
      if millisecond > 2000 {
        #expect(abs(Int(microbursts.lastSecond) - 1_000_000) <= 1000)
      }
    }
  }

  @Test func theLastSecondForgetsWhatIsLongAgo() {
    let bins = MicroburstBins(threshold: 100)
    let packets: [Packet] = [(0, 1_000_000), (3 * second, 70), (3 * second + 20_000, 5)]
    #expect(microbursts(packets, bins).lastSecond == 75)
  }

  @Test func theSecondBeforeCountsByTheShareThatIsLeft() {
    let bins = MicroburstBins(threshold: 100)
    let packets: [Packet] = [(second / 2, 1000), (second + second / 4, 1)]
    #expect(microbursts(packets, bins).lastSecond == 751)
  }

  @Test func figuresOfSeveralReceiversMerge() {
    let bins = MicroburstBins(threshold: 100)
    var merged = microbursts([(0, 500), (10_000, 500), (5, 1)], bins).figures
    merged.merge(with: microbursts([(70_000, 900)], bins).figures)

    #expect(merged.bins == 3 && merged.above == 3 && merged.longestRun == 2)
    #expect(merged.highest == 900 && merged.highestAt == 70_000 && merged.late == 1)
  }

  @Test func takesTheMemoryThatItSays() {
    let bins = MicroburstBins(threshold: 1)
    #expect(MemoryLayout<Microbursts>.stride == 120)
    #expect(bins.byteCount >= bins.bytes.byteCount && bins.byteCount < 10_000)
  }

  @Test func allocatesNothingToAdd() {
    let bins = MicroburstBins(threshold: 1000)
    var microbursts = Microbursts()
    let times = (UInt64(0)..<1000).map { $0 * 3000 }
    #expect(allocations(for: times) { microbursts.add(700, at: $0, bins) } == 0)
  }
}
