// SPDX-License-Identifier: BSD-3-Clause
import Glibc
import Testing

@testable import DPDK

@Suite struct ClockTests {
  @Test(arguments: [
    (2_600_000_000, 2_600_000_000, 1_000_000_000), (1_000_000_000, 7, 7), (25_000_000, 1, 40),
    (3_000_000_000, 3, 1), (2_000_000_000, 0, 0),
  ])
  func cyclesBecomeNanoseconds(frequency: UInt64, cycles: UInt64, nanoseconds: UInt64) {
    let clock = Clock(frequency: frequency, startCycles: 0, startNanoseconds: 0)
    let result = clock.nanoseconds(ofCycles: cycles)
    #expect(result == nanoseconds || result + 1 == nanoseconds)
  }

  @Test(arguments: [0, 1, 1_000_000, 25_000_000, 2_600_000_000, UInt64.max])
  func noNumberOfCyclesOverflows(frequency: UInt64) {
    let clock = Clock(frequency: frequency, startCycles: 0, startNanoseconds: 0)
    #expect(clock.nanoseconds(ofCycles: .max) > 1_000_000_000)
    #expect(clock.cycles(ofNanoseconds: .max) > 1_000_000)
  }

  @Test func aYearStaysExactToTheMicrosecond() {
    let year: UInt64 = 31_536_000
    let clock = Clock(frequency: 2_595_123_457, startCycles: 0, startNanoseconds: 0)
    let nanoseconds = clock.nanoseconds(ofCycles: year * 2_595_123_457)
    #expect(year * 1_000_000_000 - nanoseconds < 1000)
  }

  @Test func timeBeforeTheStartIsTheStart() {
    let clock = Clock(frequency: 1_000_000_000, startCycles: 100, startNanoseconds: 5000)
    #expect(clock.timeOfDay(atCycles: 50) == 5000)
    #expect(clock.timeOfDay(atCycles: 160) == 5060)
  }

  @Test func threadTimeDoesNotRunBackwards() {
    let before = Clock.threadNanoseconds
    #expect(Clock.threadNanoseconds >= before)
  }
}

extension Running {
  @Suite struct ClockTests {
    @Test func timeOfDayAgreesWithTheKernels() throws {
      let clock = try Environment.eal.clock
      let kernel = Clock.nanoseconds(of: CLOCK_REALTIME)
      let ours = clock.timeOfDay(atCycles: Clock.cycles)
      // A second of difference is no measurement, but a wrong frequency or a wrong start.
      #expect(max(ours, kernel) - min(ours, kernel) < 1_000_000_000)
    }
  }
}
