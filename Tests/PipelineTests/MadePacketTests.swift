// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Testing

extension Running {
  @Suite struct MadePacketTests {
    let udp = packet("eth / ipv4 / udp / 20B")

    func stand(makes count: Int, reserves reserved: Int) throws -> Stand {
      try Stand(
        stage("maker", ["count": "\(count)", "reserved": "\(reserved)"], in: probes),
        stage("send", ["port": "out"]))
    }

    @Test func madePacketsAreSentAndCounted() throws {
      let stand = try stand(makes: 3, reserves: 3)
      try stand.run([udp])
      #expect(stand.sent("tap").map(\.bytes) == [[0], [1], [2]])
      #expect(stand.sent("tap").allSatisfy { $0.nanoseconds == 42 && $0.wireLength == 99 })
      #expect(stand.sent().map(\.bytes) == [udp])
      #expect(stand.set.madeCounter.pointer.pointee == 3)
      #expect(stand.set.portCounters.values[2].sentBytes == 3 * 99)
      stand.checkBalance()
    }

    @Test func stageCannotMakeMoreThanItReserved() throws {
      let stand = try stand(makes: 5, reserves: 2)
      try stand.run([udp])
      #expect(stand.sent("tap").count == 2)
      #expect(stand.figure("refused") == 3)
      stand.checkBalance()
    }

    @Test func stageWithoutAReservationMakesNothing() throws {
      let stand = try stand(makes: 1, reserves: 0)
      try stand.run([udp])
      #expect(stand.sent("tap").isEmpty)
      stand.checkBalance()
    }

    @Test func roomForMadePacketsComesBackWithEveryBurst() throws {
      let stand = try stand(makes: 2, reserves: 2)
      for _ in 0..<5 { try stand.run([udp]) }
      #expect(stand.sent("tap").count == 10)
      stand.checkBalance()
    }

    @Test func madePacketsThatAPortDoesNotTakeAreDropped() throws {
      let stand = try stand(makes: 5, reserves: 5)
      stand.output("tap").appetite = 2
      try stand.run([udp])
      #expect(stand.set.reasonCounters.values[1] == 3)
      stand.checkBalance()
    }

    @Test func moreIsMadeThanABurstHolds() throws {
      let stand = try stand(makes: 200, reserves: 200)
      try stand.run(Array(repeating: udp, count: 64))
      #expect(stand.sent("tap").count == 200)
      #expect(stand.sent().count == 64)
      stand.checkBalance()
    }
  }
}
