// SPDX-License-Identifier: BSD-3-Clause
import Congestion
import Testing

@Suite("Pauses for a peer") struct PauseGeneratorTests {
  /// A pause of 100 quanta lasts 51,200 ns.
  private func generator(priorities: UInt8 = 0xff) -> PauseGenerator {
    PauseGenerator(
      bitRate: 1_000_000_000, stopAbove: 1000, startAt: 400, quanta: 100,
      priorities: priorities)
  }

  @Test func aPriorityIsStoppedAboveOneThresholdAndGoesOnAtTheOther() throws {
    var generator = generator()
    generator.note(3, bytes: 1000)
    #expect(generator.nextFrame(at: 5) == nil)
    generator.note(3, bytes: 1001)
    #expect(generator.nextEvent == 0)
    let first = generator.takeFrame(at: 10)
    let stop = try #require(first)
    #expect(stop.vector == 1 << 3)
    #expect(stop.quanta[3] == 100)
    #expect(generator.nextFrame(at: 10) == nil)
    generator.note(3, bytes: 401)
    #expect(generator.nextEvent == 25_610)
    generator.note(3, bytes: 400)
    let second = generator.takeFrame(at: 20)
    let start = try #require(second)
    #expect(start.vector == 1 << 3)
    #expect(start.quanta[3] == 0)
    #expect(generator.nextEvent == .max)
    #expect((generator.stops(3), generator.starts(3), generator.frames) == (1, 1, 2))
  }

  @Test func aPauseIsRenewedAtHalfItsTime() {
    var generator = generator()
    generator.note(3, bytes: 2000)
    _ = generator.takeFrame(at: 1000)
    #expect(generator.nextEvent == 26_600)
    #expect(generator.nextFrame(at: 26_599) == nil)
    let renewal = generator.takeFrame(at: 26_600)
    #expect(renewal?.quanta[3] == 100)
    #expect(generator.nextEvent == 52_200)
    #expect((generator.renewals, generator.stops(3), generator.gaps) == (1, 1, 0))
  }

  @Test func oneFrameTellsAllThatIsToBeTold() throws {
    var generator = generator()
    generator.note(3, bytes: 2000)
    generator.note(4, bytes: 2000)
    let first = generator.takeFrame(at: 0)
    #expect(first?.vector == 0b1_1000)
    generator.note(3, bytes: 0)
    generator.note(6, bytes: 2000)
    let second = generator.takeFrame(at: 100)
    let times = try #require(second)
    #expect(times.vector == 0b101_1000)
    #expect((times.quanta[3], times.quanta[4], times.quanta[6]) == (0, 100, 100))
    #expect(generator.nextEvent == 25_700)
  }

  @Test func whatEndsBeforeItWasToldIsNotTold() {
    var generator = generator()
    generator.note(3, bytes: 2000)
    #expect(generator.nextEvent == 0)
    generator.note(3, bytes: 0)
    #expect(generator.nextFrame(at: 0) == nil)
  }

  @Test func otherPrioritiesAreNeverStopped() {
    var generator = generator(priorities: 1 << 3)
    generator.note(2, bytes: .max)
    #expect(generator.nextFrame(at: 0) == nil)
  }

  @Test func aRenewalThatComesTooLateIsCounted() {
    var generator = generator()
    generator.note(3, bytes: 2000)
    _ = generator.takeFrame(at: 0)
    _ = generator.takeFrame(at: 51_200)
    #expect(generator.gaps == 0)
    _ = generator.takeFrame(at: 102_401)
    #expect(generator.gaps == 1)
  }

  /// What the peer sees of a generator that is asked at each of its events.
  @Test(arguments: [10, 100, 400, 800] as [UInt64], [16, 1000, .max] as [UInt16])
  func aPeerIsPausedWithoutAGapForAsLongAsThereIsTooMuch(gigabits: UInt64, quanta: UInt16) {
    let rate = gigabits * 1_000_000_000
    var generator = PauseGenerator(
      bitRate: rate, stopAbove: 1000, startAt: 400, quanta: quanta)
    var peer = LinkPauses(bitRate: rate)
    generator.note(3, bytes: 2000)
    var now: UInt64 = 7
    let end = 7 + generator.pauseTime * 20
    while now < end {
      while let times = generator.takeFrame(at: now) { peer.receive(times, at: now) }
      #expect(peer.isPaused(3, at: now))
      now = generator.nextEvent
    }
    generator.note(3, bytes: 0)
    while let times = generator.takeFrame(at: end) { peer.receive(times, at: end) }
    #expect(peer.pausedTime(3, at: .max) == end - 7)
    #expect(peer.starts(3) == 1)
    #expect(generator.gaps == 0)
    #expect(generator.frames <= 46)
  }
}

extension PauseGenerator {
  /// What would be sent, without sending it.
  fileprivate func nextFrame(at now: UInt64) -> PauseTimes? {
    var copy = self
    return copy.takeFrame(at: now)
  }
}
