// SPDX-License-Identifier: BSD-3-Clause
import Congestion
import Testing

@Suite("Pause storms") struct PauseWatchdogTests {
  private func watchdog(_ action: PauseWatchdog.Action = .drop) -> PauseWatchdog {
    PauseWatchdog(detection: 100, restoration: 50, action: action)
  }

  @Test func aPriorityThatIsStuckIsInAStormExactlyAfterTheDetectionTime() {
    var watchdog = watchdog()
    watchdog.noteBacklog(3, bytes: 500, at: 10)
    watchdog.notePause(3, until: 80, at: 20)
    #expect(watchdog.nextEvent == .max)
    // Renewed just when it ends: no gap.
    watchdog.notePause(3, until: 400, at: 80)
    #expect(watchdog.nextEvent == 120)
    watchdog.advance(to: 119)
    #expect(!watchdog.isStorming(3))
    watchdog.advance(to: 120)
    #expect(watchdog.isStorming(3))
    #expect(watchdog.drops(3))
    #expect(watchdog.storms(3).detected == 1)
    #expect(watchdog.storms(3).lastBegin == 120)
    #expect(!watchdog.isStorming(2))
  }

  @Test func aStormEndsAfterTheRestorationTimeWithoutPause() {
    var watchdog = watchdog()
    watchdog.noteBacklog(3, bytes: 500, at: 0)
    watchdog.notePause(3, until: 200, at: 0)
    watchdog.advance(to: 100)
    #expect(watchdog.nextEvent == 250)
    // Another pause before it is over; it is ended early.
    watchdog.notePause(3, until: 1000, at: 240)
    #expect(watchdog.nextEvent == 1050)
    watchdog.notePause(3, until: 300, at: 300)
    #expect(watchdog.nextEvent == 350)
    watchdog.advance(to: 5000)
    #expect(!watchdog.isStorming(3))
    #expect(watchdog.storms(3).restored == 1)
    #expect(watchdog.storms(3).lastEnd == 350)
    #expect(watchdog.nextEvent == .max)
  }

  @Test func nothingToSendIsNoStorm() {
    var watchdog = watchdog()
    watchdog.notePause(3, until: 1000, at: 0)
    watchdog.advance(to: 500)
    #expect(!watchdog.isStorming(3))
    // Time counts from when something is to be sent.
    watchdog.noteBacklog(3, bytes: 1, at: 500)
    #expect(watchdog.nextEvent == 600)
    watchdog.noteBacklog(3, bytes: 0, at: 550)
    #expect(watchdog.nextEvent == .max)
  }

  @Test func aPacketThatIsSentIsNoStorm() {
    var watchdog = watchdog()
    watchdog.noteBacklog(3, bytes: 900, at: 0)
    watchdog.notePause(3, until: 1000, at: 0)
    // It had begun before the pause, say.
    watchdog.noteSent(3, at: 30)
    #expect(watchdog.nextEvent == 130)
  }

  @Test func aGapInThePauseIsNoStorm() {
    var watchdog = watchdog()
    watchdog.noteBacklog(3, bytes: 900, at: 0)
    watchdog.notePause(3, until: 90, at: 0)
    watchdog.notePause(3, until: 1000, at: 91)
    #expect(watchdog.nextEvent == 191)
    watchdog.notePause(3, until: 150, at: 150)
    watchdog.notePause(3, until: 1000, at: 150)
    #expect(watchdog.nextEvent == 250)
  }

  @Test func theActionSaysWhatHappensToPackets() {
    for action in [PauseWatchdog.Action.drop, .forward, .alert] {
      var watchdog = watchdog(action)
      watchdog.noteBacklog(3, bytes: 900, at: 0)
      watchdog.notePause(3, until: 1000, at: 0)
      #expect(!watchdog.drops(3) && !watchdog.forwards(3))
      watchdog.advance(to: 100)
      #expect(watchdog.isStorming(3))
      #expect(watchdog.drops(3) == (action == .drop))
      #expect(watchdog.forwards(3) == (action == .forward))
    }
  }

  @Test func whatIsSentInSpiteOfAStormDoesNotEndIt() {
    var watchdog = watchdog(.forward)
    watchdog.noteBacklog(3, bytes: 900, at: 0)
    watchdog.notePause(3, until: 1000, at: 0)
    watchdog.noteSent(3, at: 150)
    watchdog.noteBacklog(3, bytes: 0, at: 150)
    #expect(watchdog.isStorming(3))
    #expect(watchdog.nextEvent == 1050)
  }

  @Test func aWatchdogThatIsOffFindsNothing() {
    var watchdog = PauseWatchdog(detection: .max)
    watchdog.noteBacklog(0, bytes: 1, at: 1)
    watchdog.notePause(0, until: .max, at: 1)
    watchdog.advance(to: .max)
    #expect(!watchdog.isStorming(0))
  }

  /// The rule, looked at again at every nanosecond, with the whole past at hand.
  @Test(arguments: 1...30 as ClosedRange<UInt64>)
  func stormsAreThoseOfTheRule(seed: UInt64) {
    var watchdog = watchdog()
    var rule = StormRule(detection: 100, restoration: 50)
    var traffic = Traffic(seed: seed, start: 0, largest: 1, bytesPerSecond: 1)
    var pauseEnd: UInt64 = 0
    var backlog: UInt64 = 0
    var wrong = 0
    for now in 1..<20_000 as Range<UInt64> {
      watchdog.advance(to: now)
      if traffic.random(below: 30) == 0 {
        pauseEnd = now + (traffic.random(below: 8) == 0 ? 0 : 20 + traffic.random(below: 60))
        watchdog.notePause(5, until: pauseEnd, at: now)
      }
      if traffic.random(below: 90) == 0 {
        backlog = traffic.random(below: 6)
        watchdog.noteBacklog(5, bytes: backlog, at: now)
      }
      let isSent = traffic.random(below: 200) == 0
      if isSent { watchdog.noteSent(5, at: now) }
      rule.pass(isPaused: pauseEnd > now, hasBacklog: backlog > 0, isSent: isSent)
      // What the rule knows now holds up to the next nanosecond.
      watchdog.advance(to: now + 1)
      if watchdog.isStorming(5) != rule.isStorming { wrong += 1 }
    }
    #expect(wrong == 0)
    #expect(watchdog.storms(5).detected == rule.detected)
    #expect(watchdog.storms(5).restored == rule.restored)
    #expect(rule.detected > 3)
  }
}

/// The rule in its own words, over one nanosecond after the other.
private struct StormRule {
  let detection: Int
  let restoration: Int
  private var stuck = 0
  private var unpaused = 0
  private(set) var isStorming = false
  private(set) var detected = 0
  private(set) var restored = 0

  init(detection: Int, restoration: Int) {
    (self.detection, self.restoration) = (detection, restoration)
  }

  /// What held during a nanosecond; a packet is sent at its start.
  mutating func pass(isPaused: Bool, hasBacklog: Bool, isSent: Bool) {
    if isSent { stuck = 0 }
    stuck = isPaused && hasBacklog ? stuck + 1 : 0
    unpaused = isPaused ? 0 : unpaused + 1
    if !isStorming, stuck == detection {
      isStorming = true
      detected += 1
    } else if isStorming, unpaused == restoration {
      isStorming = false
      restored += 1
      stuck = 0
    }
  }
}
