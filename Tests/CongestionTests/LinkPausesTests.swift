// SPDX-License-Identifier: BSD-3-Clause
import Congestion
import Testing

@Suite("Pauses of a link") struct LinkPausesTests {
  private static let gigabit: UInt64 = 1_000_000_000

  /// 65535 quanta are 33,553,920 bit times.
  @Test(
    arguments: [
      (10, 3_355_392), (25, 1_342_157), (50, 671_079), (100, 335_540), (200, 167_770),
      (400, 83_885), (800, 41_943),
    ] as [(UInt64, UInt64)])
  func theLongestPauseLastsAsLongAsTheRateSays(gigabits: UInt64, nanoseconds: UInt64) {
    #expect(PauseTimes.nanoseconds(.max, bitRate: gigabits * Self.gigabit) == nanoseconds)
  }

  @Test func aQuantumOfAFastLinkIsRoundedUp() {
    // 1.28 ns, and ten of them 12.8 ns.
    #expect(PauseTimes.nanoseconds(1, bitRate: 400 * Self.gigabit) == 2)
    #expect(PauseTimes.nanoseconds(10, bitRate: 400 * Self.gigabit) == 13)
    #expect(PauseTimes.nanoseconds(25, bitRate: 400 * Self.gigabit) == 32)
    #expect(PauseTimes.nanoseconds(0, bitRate: 1) == 0)
  }

  @Test func aFrameStopsThePrioritiesOfItsVector() {
    var pauses = LinkPauses(bitRate: Self.gigabit)
    var times = PauseTimes(vector: 0b0001_1000, all: 10)
    times.quanta[4] = 20
    times.quanta[5] = 30
    pauses.receive(times, at: 1000)
    #expect(pauses.pausedUntil(3) == 6120)
    #expect(pauses.pausedUntil(4) == 11_240)
    #expect(pauses.isPaused(3, at: 6119))
    #expect(!pauses.isPaused(3, at: 6120))
    for priority in [0, 1, 2, 5, 6, 7] { #expect(!pauses.isPaused(priority, at: 1000)) }
  }

  @Test func aTimeOfZeroLetsAPriorityGoOn() {
    var pauses = LinkPauses(bitRate: Self.gigabit)
    pauses.receive(PauseTimes(vector: 0xff, all: 100), at: 0)
    pauses.receive(PauseTimes(vector: 1 << 6, all: 0), at: 30_000)
    #expect(!pauses.isPaused(6, at: 30_000))
    #expect(pauses.isPaused(5, at: 30_000))
    #expect(pauses.pausedTime(6, at: 90_000) == 30_000)
    #expect(pauses.pausedTime(5, at: 90_000) == 51_200)
    #expect((pauses.stops(6), pauses.starts(6)) == (1, 1))
    #expect((pauses.stops(5), pauses.starts(5)) == (1, 0))
  }

  @Test func aNewTimeReplacesWhatWasLeft() {
    var pauses = LinkPauses(bitRate: Self.gigabit)
    pauses.receive(PauseTimes(vector: 1, all: 100), at: 0)
    pauses.receive(PauseTimes(vector: 1, all: 10), at: 1000)
    #expect(pauses.pausedUntil(0) == 6120)
    #expect(pauses.pausedTime(0, at: .max) == 6120)
  }

  @Test func aPriorityThatIsNotHonouredIsCountedOnly() {
    var pauses = LinkPauses(bitRate: Self.gigabit, honoured: 1 << 3)
    pauses.receive(PauseTimes(vector: 0xff, all: 100), at: 500)
    #expect(pauses.isPaused(3, at: 500))
    #expect(!pauses.isPaused(2, at: 500))
    #expect(pauses.stops(2) == 1)
    #expect(pauses.pausedTime(2, at: .max) == 51_200)
  }

  @Test func aFrameFromThePastCountsAsIfItCameWithTheOneBefore() {
    var pauses = LinkPauses(bitRate: Self.gigabit)
    pauses.receive(PauseTimes(vector: 1, all: 10), at: 10_000)
    pauses.receive(PauseTimes(vector: 1, all: 10), at: 4000)
    #expect(pauses.pausedUntil(0) == 15_120)
    #expect(pauses.pausedTime(0, at: 12_000) == 2000)
    #expect(pauses.pausedTime(0, at: .max) == 5120)
  }

  @Test func theEndOfTimeIsReachedWithoutATrap() {
    var pauses = LinkPauses(bitRate: 1)
    pauses.receive(PauseTimes(vector: 1, all: .max), at: .max - 5)
    pauses.receive(PauseTimes(vector: 1, all: .max), at: .max)
    #expect(pauses.pausedUntil(0) == .max)
    #expect(pauses.pausedTime(0, at: .max) == 5)
  }

  /// Nanosecond by nanosecond: what a clock that ticks down beside each priority counts.
  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func theTimePausedIsThatOfAClockThatTicks(seed: UInt64) {
    // A quantum is 4 ns.
    var pauses = LinkPauses(bitRate: 128 * Self.gigabit)
    var traffic = Traffic(seed: seed, start: 0, largest: 1, bytesPerSecond: 1)
    var left = [UInt64](repeating: 0, count: 8)
    var paused = [UInt64](repeating: 0, count: 8)
    var wrong = 0
    for now in 0..<20_000 as Range<UInt64> {
      if traffic.random(below: 40) == 0 {
        let vector = UInt8(traffic.random(below: 256))
        var times = PauseTimes(vector: vector, all: 0)
        for priority in 0..<8 where vector >> UInt8(priority) & 1 != 0 {
          let quanta = traffic.random(below: 3) * traffic.random(below: 30)
          times.quanta[priority] = UInt16(quanta)
          left[priority] = quanta * 4
        }
        pauses.receive(times, at: now)
      }
      for priority in 0..<8 {
        if pauses.isPaused(priority, at: now) != (left[priority] > 0) { wrong += 1 }
        guard left[priority] > 0 else { continue }
        left[priority] -= 1
        paused[priority] += 1
      }
    }
    #expect(wrong == 0)
    #expect((0..<8).map { pauses.pausedTime($0, at: 20_000) } == paused)
    #expect(paused.allSatisfy { $0 > 1000 && $0 < 19_000 }, "\(paused)")
  }
}
