// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import DPDK

@Suite struct CoresTests {
  @Test(.enabled(if: Cores.available.count > 1, "this machine has one core"))
  func threadsCanBeStartedAwayFromWorkers() throws {
    let all = Cores.available
    let first = try #require(all.first)
    Cores.avoiding([first]) { #expect(Cores.available == Array(all.dropFirst())) }
    #expect(Cores.available == all)
  }

  @Test func aWorkerOnEveryCoreLeavesNoneToAvoidThemOn() {
    let all = Cores.available
    Cores.avoiding(all) { #expect(Cores.available == all) }
    #expect(Cores.available == all)
  }

  @Test func anErrorLeavesTheCoresAsTheyWere() {
    struct Failure: Error {}
    let all = Cores.available
    #expect(throws: Failure.self) {
      try Cores.avoiding([all[0]]) { () throws(Failure) in throw Failure() }
    }
    #expect(Cores.available == all)
  }
}
