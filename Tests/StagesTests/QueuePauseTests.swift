// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Settings
import Testing

/// Flow control of a queue: pauses of the link that it feeds, and those that it asks for.
extension Running {
  @Suite struct QueuePauseTests {
    func stand(
      _ settings: String, action: String = "none", scheduler: String = "strict"
    ) throws -> Stand {
      try Stand(
        stage("parse"),
        stage(
          "pausing", ["action": action], when: "not ip",
          in: StageRegistry([StageType(Pausing.self)])
        ),
        stage("map-priority", ["map": "roce-dscp26"]),
        stage("queue", text: "{rate: 1Gbps, scheduler: \(scheduler), \(settings)}"),
        stage("send", ["port": "out"]))
    }

    /// 1000 bytes on the wire: 8 us.
    func thousand(_ number: Int, priority: Int) -> [UInt8] {
      packet("eth / ipv4 tos \(priority * 32 + 2) id \(number) / udp / 934B")
    }

    func pause(_ stand: Stand, quanta: UInt16, at nanoseconds: UInt64) throws {
      let frame =
        [UInt8](repeating: 2, count: 12) + big(0x88b5) + big(quanta)
        + [UInt8](repeating: 0, count: 44)
      stand.release(until: nanoseconds)
      try stand.run([frame], nanoseconds: nanoseconds)
    }

    func send(
      _ stand: Stand, _ number: Int, priority: Int, at nanoseconds: UInt64, from port: UInt8 = 0
    ) throws {
      stand.release(until: nanoseconds)
      try stand.run(
        [thousand(number, priority: priority)], from: port, nanoseconds: nanoseconds)
    }

    func departures(_ stand: Stand) -> [[UInt64]] {
      stand.sent().map { [UInt64($0.bytes[19]), $0.nanoseconds] }
    }

    func drops(_ stand: Stand) -> [String] { stand.dropped.filter { $0 != "pause-frame" } }

    @Test func aPausedPriorityWaitsAndOthersDoNot() throws {
      let stand = try stand("port: out")
      try pause(stand, quanta: 1000, at: 1_000_000)
      try send(stand, 1, priority: 3, at: 1_001_000)
      try send(stand, 2, priority: 0, at: 1_002_000)
      stand.release(until: .max - 1)
      // 1000 times 512 ns, from the frame on.
      #expect(departures(stand) == [[2, 1_010_000], [1, 1_520_000]])
      #expect(stand.figure("priority 3 longest wait in ns", of: 3) == 511_000)
      stand.checkBalance()
    }

    @Test func aPauseThatIsTakenBackIsOver() throws {
      let stand = try stand("port: out")
      try pause(stand, quanta: 1000, at: 1_000_000)
      try send(stand, 1, priority: 3, at: 1_001_000)
      try pause(stand, quanta: 0, at: 1_100_000)
      stand.release(until: .max - 1)
      #expect(departures(stand) == [[1, 1_108_000]])
      stand.checkBalance()
    }

    @Test func pausesOfOtherPortsAreNoneOfItsBusiness() throws {
      let stand = try stand("port: tap")
      try pause(stand, quanta: 1000, at: 1_000_000)
      try send(stand, 1, priority: 3, at: 1_001_000)
      stand.release(until: .max - 1)
      #expect(departures(stand) == [[1, 1_009_000]])
      stand.checkBalance()
    }

    @Test func aStormDropsWhatWaitsAndWhatComes() throws {
      let stand = try stand("port: out", action: "drop")
      try pause(stand, quanta: 1000, at: 1_000_000)
      try send(stand, 1, priority: 3, at: 1_001_000)
      try send(stand, 2, priority: 3, at: 1_002_000)
      // The storm is found when something has waited for 100 us.
      try send(stand, 3, priority: 3, at: 1_150_000)
      try send(stand, 4, priority: 0, at: 1_150_000)
      #expect(drops(stand) == ["pause-storm", "pause-storm", "pause-storm"])
      #expect(
        stand.drops.departures.suffix(3).map(\.nanoseconds) == [1_101_000, 1_101_000, 1_150_000])
      // It is over 50 us after the pause.
      try send(stand, 5, priority: 3, at: 1_600_000)
      stand.release(until: .max - 1)
      #expect(departures(stand) == [[4, 1_158_000], [5, 1_608_000]])
      stand.checkBalance()
    }

    @Test func whatWaitedBehindAStormBeginsWhenThatIsFound() throws {
      let stand = try stand("port: out", action: "drop", scheduler: "fifo")
      try pause(stand, quanta: 1000, at: 1_000_000)
      try send(stand, 1, priority: 3, at: 1_001_000)
      try send(stand, 2, priority: 0, at: 1_002_000)
      stand.release(until: .max - 1)
      #expect(drops(stand) == ["pause-storm"])
      // Found after 100 us.
      #expect(departures(stand) == [[2, 1_109_000]])
      stand.checkBalance()
    }

    @Test func aStormMayBeIgnored() throws {
      let stand = try stand("port: out", action: "forward")
      try pause(stand, quanta: 1000, at: 1_000_000)
      try send(stand, 1, priority: 3, at: 1_001_000)
      stand.release(until: .max - 1)
      #expect(departures(stand) == [[1, 1_109_000]])
      stand.checkBalance()
    }

    /// A PFC frame, from its opcode on: what it says of priority 3.
    func requests(_ stand: Stand, _ port: String) -> [[UInt64]] {
      stand.sent(port).map { frame in
        #expect(frame.bytes[0..<6].elementsEqual([1, 0x80, 0xc2, 0, 0, 1]))
        #expect(frame.bytes[12..<18].elementsEqual([0x88, 0x08, 1, 1, 0, 8]))
        return [UInt64(frame.bytes[24]) << 8 | UInt64(frame.bytes[25]), frame.nanoseconds]
      }
    }

    @Test func aPeerIsStoppedWhileMuchOfItIsKept() throws {
      let stand = try stand("pause: {ports: [in], xoff: 2500B, xon: 1KB}")
      for number in 1...4 { try send(stand, number, priority: 3, at: 1_000_000) }
      // Those of another port do not count, nor other priorities.
      for number in 5...8 { try send(stand, number, priority: 3, at: 1_000_000, from: 2) }
      try send(stand, 9, priority: 6, at: 1_000_000)
      stand.release(until: .max - 1)
      // Stopped at the third packet. The first and the one of priority 6 take 8 us each, and then
      // two more must leave before only one is kept.
      #expect(requests(stand, "in") == [[65535, 1_000_000], [0, 1_032_000]])
      #expect(stand.sent("tap").isEmpty)
      #expect(stand.figure("pause frames", of: 3) == 2)
      #expect(stand.figure("priority 3 stopped", of: 3) == 1)
      stand.checkBalance()
    }

    @Test func aPauseIsRenewedBeforeItEnds() throws {
      let stand = try stand(
        "pause: {ports: [in], xoff: 1500B, xon: 0B, quanta: 100, priorities: [3]}")
      for number in 1...8 { try send(stand, number, priority: 3, at: 1_000_000) }
      stand.release(until: .max - 1)
      // 100 times 512 ns, renewed after half of that until 64 us have sent all.
      #expect(
        requests(stand, "in") == [
          [100, 1_000_000], [100, 1_025_600], [100, 1_051_200], [0, 1_064_000],
        ])
      stand.checkBalance()
    }

    @Test func nothingIsAllocatedForPauses() throws {
      let stand = try stand(
        "port: out, pause: {ports: [in], xoff: 1500B, xon: 0B}", action: "drop")
      stand.output("out").records = false
      stand.output("in").records = false
      stand.drops.records = false
      for burst in 0..<50 {
        let now = UInt64(burst + 1) * 200_000
        try pause(stand, quanta: burst % 2 == 0 ? 600 : 0, at: now)
        for number in 1...4 { try send(stand, number, priority: 3, at: now + 1000) }
      }
      stand.release(until: .max - 1)
      #expect(stand.allocations == 0)
      stand.checkBalance()
    }

    @Test(arguments: [
      "pause: {ports: [in], xoff: 1KB, xon: 2KB}", "pause: {ports: [in], xoff: 1KB}",
      "pause: {xoff: 1KB, xon: 0B}",
    ])
    func settingsThatMakeNoSenseAreRefused(settings: String) throws {
      #expect(throws: (any Error).self) { try stand(settings) }
    }
  }
}
