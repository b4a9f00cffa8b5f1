// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Runtime

@Suite struct PacerTests {
  @Test(arguments: [
    (Pace.speed(1), [UInt64(1000), 1500]), (.speed(10), [1000, 1050]), (.speed(0.5), [1000, 2000]),
  ])
  func burstIsDueByItsCaptureTime(pace: Pace, due: [UInt64]) {
    var pacer = Pacer(pace)
    #expect(pacer.take(5, capturedAt: 70_000, now: 1000) == nil)
    #expect(pacer.take(5, capturedAt: 70_000, now: 1000) == due[0])
    #expect(pacer.take(1, capturedAt: 70_500, now: 1700) == due[1])
  }

  @Test func burstIsDueByThePacketsBeforeIt() {
    var pacer = Pacer(.rate(1e6))
    #expect(pacer.take(64, capturedAt: 9, now: 500) == nil)
    #expect(pacer.take(1, capturedAt: 9, now: 500) == 64_500)
    #expect(pacer.take(1, capturedAt: 9, now: 500) == 65_500)
  }

  @Test func packetFromThePastIsDueAtOnce() {
    var pacer = Pacer(.speed(1))
    _ = pacer.take(1, capturedAt: 1_000_000, now: 500)
    #expect(pacer.take(1, capturedAt: 3, now: 600) == 500)
  }

  @Test(arguments: [Pace.speed(1e-300), .rate(1e-300), .speed(.leastNonzeroMagnitude)])
  func slownessWithoutMeasureDoesNotTrap(pace: Pace) {
    var pacer = Pacer(pace)
    _ = pacer.take(1, capturedAt: 0, now: .max - 5)
    #expect(pacer.take(1, capturedAt: .max, now: .max) != nil)
  }

  @Test func latenessIsReported() {
    var pacer = Pacer(.speed(2))
    pacer.note(1000, sentAt: 1000)
    pacer.note(2000, sentAt: 5000)
    let report = pacer.report
    #expect(report?.asked == "2.0x")
    #expect(report?.meanLateness == 1.5e-6)
    #expect(report?.maximumLateness == 3e-6)
  }

  @Test func burstThatASignalSendsEarlyIsNotLate() {
    var pacer = Pacer(.speed(1))
    pacer.note(5_000_000, sentAt: 1000)
    #expect(pacer.report?.maximumLateness == 0)
  }

  @Test func replayAtMaximumSpeedIsNotPaced() { #expect(Pacer(.maximum).report == nil) }

  @Test(arguments: [
    ("1x", Pace.speed(1)), ("0.5x", .speed(0.5)), ("10x", .speed(10)), ("max", .maximum),
  ])
  func speedIsRead(text: String, pace: Pace) { #expect(Pace(speed: text) == pace) }

  @Test(arguments: ["", "x", "0x", "-1x", "1", "infx", "nanx", "1xx", "maximum", "1e999x"])
  func speedThatIsNoneIsRefused(text: String) { #expect(Pace(speed: text) == nil) }
}
