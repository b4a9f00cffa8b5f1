// SPDX-License-Identifier: BSD-3-Clause
import Telemetry
import Testing

@Suite struct FanInTests {
  private let window: UInt64 = 1 << 17

  private func hashes(_ count: Int, seed: UInt64) -> [UInt64] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in generator.next() }
  }

  private func senders(_ hashes: [UInt64]) -> Double {
    let windows = FanInWindows()
    var fanIn = FanIn()
    for (place, hash) in hashes.enumerated() {
      fanIn.add(sender: hash, at: UInt64(place), windows)
    }
    fanIn.end(windows)
    return Double(fanIn.ended)
  }

  /// Of 300 windows; the error of that error is a twenty-fifth of it.
  @Test(arguments: [
    (1, 0.0), (2, 0.055), (5, 0.055), (10, 0.055), (30, 0.055), (100, 0.055), (256, 0.055),
    (500, 0.11), (1000, 0.11),
  ])
  func theErrorIsTheStatedOne(count: Int, stated: Double) {
    var squares = 0.0
    for seed in UInt64(0)..<300 {
      let error = senders(hashes(count, seed: seed << 32)) / Double(count) - 1
      squares += error * error
    }
    #expect((squares / 300).squareRoot() <= 1.1 * stated)
  }

  @Test(arguments: Shape.allCases) func sendersCountOnceHoweverOftenTheySend(_ shape: Shape) {
    let hashes = hashes(40, seed: 1)
    let sent = shape.values(500, seed: 2).map { hashes[Int($0 % 40)] }
    #expect(senders(sent) == senders(Array(Set(sent))))
  }

  @Test func moreThanCanBeToldIsTheMost() {
    #expect(senders((UInt64(0)..<256).map { $0 }) == 1597)
    #expect(senders(hashes(100_000, seed: 1)) == 1597)
  }

  @Test func keepsTheWindowWithMostSenders() {
    let windows = FanInWindows()
    var fanIn = FanIn()
    for (number, senders) in [(3, 4), (5, 9), (6, 9), (1 << 40, 2)] {
      for sender in 0..<UInt64(senders) {
        fanIn.add(sender: sender, at: UInt64(number) * window + sender, windows)
      }
    }
    fanIn.end(windows)

    #expect(fanIn.figures.windows == 4)
    #expect(fanIn.figures.highest == 9 && fanIn.figures.highestAt == 5 * window)
    #expect(windows.senders.snapshot.buckets.map(\.lowest) == [2, 4, 9])
    #expect(windows.senders.snapshot.buckets.map(\.count) == [1, 1, 2])
  }

  @Test func aWindowEndsWithAPacketOfAnother() {
    let windows = FanInWindows()
    var fanIn = FanIn()
    let ends = [0, window - 1, window, 3 * window].map { (time: UInt64) in
      fanIn.add(sender: time >> 16, at: time, windows)
    }
    #expect(ends == [false, false, true, true])
    #expect(fanIn.ended == 1 && fanIn.figures.highest == 2)
  }

  @Test func latePacketsCountInTheWindowThatIsOpen() {
    let windows = FanInWindows()
    var fanIn = FanIn()
    for (sender, number) in [4, 3, 0, 4].enumerated() {
      fanIn.add(sender: UInt64(sender), at: UInt64(number) * window, windows)
    }
    fanIn.end(windows)
    #expect(fanIn.figures.windows == 1 && fanIn.figures.late == 2 && fanIn.ended == 4)
  }

  @Test func aClockThatIsSetBackBeginsAnew() {
    let windows = FanInWindows()
    var fanIn = FanIn()
    for time in [9_000_000_000, 5, 6] as [UInt64] { fanIn.add(sender: 1, at: time, windows) }
    fanIn.end(windows)
    #expect(fanIn.figures.windows == 2 && fanIn.figures.late == 0)
  }

  @Test func timeHasAFirstAndALastWindow() {
    let windows = FanInWindows()
    var fanIn = FanIn()
    for time in [0, UInt64.max, .max] { fanIn.add(sender: time, at: time, windows) }
    fanIn.end(windows)
    #expect(fanIn.figures.windows == 2 && fanIn.figures.highestAt == 0)
  }

  @Test func withoutPacketsThereIsNoWindow() {
    let windows = FanInWindows()
    var fanIn = FanIn()
    let hasEnded = fanIn.end(windows)
    #expect(!hasEnded)
    #expect(fanIn.figures == FanIn.Figures() && windows.senders.snapshot.count == 0)
  }

  @Test func figuresOfSeveralReceiversMerge() {
    let windows = FanInWindows()
    var receivers = [FanIn(), FanIn()]
    for sender in UInt64(0)..<7 { receivers[0].add(sender: sender, at: 5, windows) }
    for sender in UInt64(0)..<8 { receivers[1].add(sender: sender, at: window, windows) }
    for receiver in 0..<2 { receivers[receiver].end(windows) }
    var merged = receivers[0].figures
    merged.merge(with: receivers[1].figures)
    #expect(merged.windows == 2 && merged.highest == 8 && merged.highestAt == window)
  }

  @Test func aReceiverTakesOneCacheLine() {
    #expect(MemoryLayout<FanIn>.stride == 64)
    #expect(FanInWindows().byteCount < 4500)
  }

  @Test func allocatesNothingToAdd() {
    let windows = FanInWindows()
    var fanIn = FanIn()
    let times = (UInt64(0)..<1000).map { $0 * 30_000 }
    #expect(allocations(for: times) { fanIn.add(sender: $0, at: $0, windows) } == 0)
  }
}
