// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Settings
import Testing

extension Running {
  @Suite struct QueueTests {
    /// The stage with these settings; a packet of 1000 bytes takes 8 us where no rate is said.
    func stand(_ settings: String = "", rate: String = "1Gbps") throws -> Stand {
      try Stand(
        stage("parse"), stage("map-priority", ["map": "roce-dscp26"]),
        stage("queue", text: "{rate: \(rate), \(settings)}"), stage("send", ["port": "out"]))
    }

    /// A packet of 1000 bytes on the wire, whose ID says its number.
    func thousand(_ number: Int, priority: Int = 0, ecn: Int = 2) -> [UInt8] {
      packet("eth / ipv4 tos \(priority * 32 + ecn) id \(number) / udp / 934B")
    }

    func numbers(_ stand: Stand) -> [Int] {
      stand.sent().map { Int($0.bytes[18]) << 8 | Int($0.bytes[19]) }
    }

    func times(_ stand: Stand) -> [UInt64] { stand.sent().map { $0.nanoseconds - 1_000_000 } }

    @Test func packetsLeaveWhenTheirLastBitIsSent() throws {
      // 2.5 us a packet, which come 1 us apart.
      let stand = try stand(rate: "3200Mbps")
      try stand.run((0..<5).map { thousand($0) })
      #expect(stand.sent().isEmpty)
      stand.release(until: .max - 1)
      #expect(numbers(stand) == [0, 1, 2, 3, 4])
      #expect(times(stand) == [2500, 5000, 7500, 10_000, 12_500])
      #expect(stand.figure("priority 0 packets", of: 2) == 5)
      #expect(stand.figure("priority 0 bytes", of: 2) == 5000)
      // Those that waited did so for 1.5, 3, 4.5 and 6 us.
      #expect(stand.figure("priority 0 mean wait in ns", of: 2) == 3000)
      #expect(stand.figure("priority 0 longest wait in ns", of: 2) == 6000)
      #expect(stand.figure("bytes now", of: 2) == 0)
      stand.checkBalance()
    }

    @Test func theHighestPriorityIsNext() throws {
      let stand = try stand("scheduler: strict")
      try stand.run([0, 1, 6, 3, 6].enumerated().map { thousand($0, priority: $1) })
      stand.release(until: .max - 1)
      // The first is on the link before the others come.
      #expect(numbers(stand) == [0, 2, 4, 3, 1])
      stand.checkBalance()
    }

    @Test func weightsAreSharesOfTheBytes() throws {
      let stand = try stand("scheduler: dwrr, weights: [1, 3, 1, 1, 1, 1, 1, 0]")
      for burst in 0..<4 {
        try stand.run(
          (0..<50).map { thousand(burst * 50 + $0, priority: [0, 1][$0 % 2]) },
          nanoseconds: 1_000_000 + UInt64(burst))
      }
      try stand.run([thousand(1000, priority: 7)], nanoseconds: 1_000_000)
      stand.release(until: .max - 1)
      let order = numbers(stand)
      #expect(order.prefix(40).contains(1000))
      let ones = order.dropFirst(50).prefix(80).count { $0 % 2 == 1 }
      #expect((58...62).contains(ones), "\(ones)")
      stand.checkBalance()
    }

    @Test func whatHasNoRoomIsDropped() throws {
      let stand = try stand("capacity: 3KB")
      try stand.run((0..<10).map { thousand($0) })
      stand.release(until: .max - 1)
      // One is on the link for 8 us, three wait, and who comes when it is sent finds room again.
      #expect(numbers(stand) == [0, 1, 2, 3, 8])
      #expect(stand.dropped == Array(repeating: "queue-full", count: 5))
      #expect(stand.figure("most bytes", of: 2) == 3000)
      #expect(stand.figure("priority 0 without room", of: 2) == 5)
      #expect(stand.counters(2).dropped == 5)
      stand.checkBalance()
    }

    @Test func noMorePacketsAreKeptThanMayBe() throws {
      let stand = try stand("packets: 4")
      try stand.run((0..<7).map { thousand($0) })
      stand.release(until: .max - 1)
      #expect(numbers(stand) == [0, 1, 2, 3])
      #expect(stand.dropped == Array(repeating: "queue-buffers", count: 3))
      #expect(stand.figure("priority 0 without buffer", of: 2) == 3)
      stand.checkBalance()
    }

    func ecn(_ stand: Stand) -> [Int] { stand.sent().map { Int($0.bytes[15] & 3) } }

    @Test func marksGoByTheDepthThatAPacketFinds() throws {
      let stand = try stand("mark: {curve: step, min: 1999B}")
      try stand.run((0..<6).map { thousand($0, ecn: [2, 2, 2, 2, 1, 0][$0]) })
      stand.release(until: .max - 1)
      #expect(ecn(stand) == [2, 2, 2, 3, 3, 0])
      #expect(stand.figure("ce marked", of: 2) == 2)
      #expect(stand.figure("selected not-ECT", of: 2) == 1)
      stand.checkBalance()
    }

    @Test func orByTheDepthThatItLeavesBehind() throws {
      let stand = try stand("mark: {curve: step, min: 1999B, decide: dequeue, not-ect: drop}")
      try stand.run((0..<6).map { thousand($0, ecn: [2, 2, 2, 0, 2, 3][$0]) })
      stand.release(until: .max - 1)
      // The first leaves nothing behind, then four, three, two, one and none.
      #expect(numbers(stand) == [0, 1, 2, 4, 5])
      #expect(ecn(stand) == [2, 3, 3, 2, 3])
      #expect(stand.dropped == ["ecn-not-ect"])
      #expect(stand.figure("ce in", of: 2) == 1)
      stand.checkBalance()
    }

    @Test func orByTheTimeThatItWaited() throws {
      let stand = try stand("mark: {curve: delay, min-delay: 14us, l4s: {min: 7us}}")
      // They wait for 0, 7, 14, 21 and 28 us.
      try stand.run((0..<5).map { thousand($0, ecn: $0 == 2 ? 1 : 2) })
      stand.release(until: .max - 1)
      #expect(ecn(stand) == [2, 2, 3, 3, 3])
      stand.checkBalance()
    }

    @Test func onlyThePacketsOfAPriorityAreItsDepth() throws {
      let stand = try stand("scheduler: strict, mark: {curve: step, min: 999B}")
      try stand.run([0, 0, 0, 3, 3].enumerated().map { thousand($0, priority: $1) })
      stand.release(until: .max - 1)
      #expect(numbers(stand) == [0, 3, 4, 1, 2])
      #expect(ecn(stand) == [2, 2, 3, 2, 3])
      stand.checkBalance()
    }

    @Test func anAverageRestsWhileTheLinkIsFree() throws {
      let stand = try stand("mark: {curve: step, min: 1KB, average: 1}")
      try stand.run((0..<6).map { thousand($0) })
      stand.release(until: .max - 1)
      try stand.run([thousand(6)], nanoseconds: 1_000_000_000)
      stand.release(until: .max - 1)
      // Depths of 0, 0, 1, 2, 3, 4 thousand: averages of 0, 0, 500, 1250, 2125, 3062.
      #expect(ecn(stand) == [2, 2, 2, 3, 3, 3, 2])
      stand.checkBalance()
    }

    @Test func aVirtualQueueLetsPacketsPassAtOnce() throws {
      let stand = try stand("mode: virtual, capacity: 4KB, mark: {curve: step, min: 2KB}")
      try stand.run((0..<10).map { thousand($0) })
      // 875 bytes more with each, and nothing is kept.
      #expect(numbers(stand) == [0, 1, 2, 3, 8])
      #expect(times(stand) == [0, 1000, 2000, 3000, 8000])
      #expect(ecn(stand) == [2, 2, 2, 3, 3])
      #expect(stand.dropped == Array(repeating: "queue-full", count: 5))
      #expect(stand.set.nextRelease == .max)
      #expect(stand.figure("most bytes", of: 2) == 4000)
      stand.checkBalance()
    }

    @Test func aVirtualQueueWithoutCapacityDropsNothing() throws {
      let stand = try stand("mode: virtual", rate: "1Mbps")
      try stand.run((0..<50).map { thousand($0) })
      #expect(numbers(stand) == Array(0..<50))
      stand.checkBalance()
    }

    @Test func moreThanABurstIsLetGoInOrder() throws {
      let stand = try stand()
      for burst in 0..<4 {
        try stand.run(
          (0..<50).map { thousand(burst * 50 + $0) },
          nanoseconds: 1_000_000 + UInt64(burst) * 50_000)
      }
      // Seconds later all of them are due.
      try stand.run([thousand(200)], nanoseconds: 5_000_000_000)
      stand.release(until: .max - 1)
      #expect(numbers(stand) == Array(0...200))
      #expect(times(stand).prefix(200) == (1...200).map { $0 * 8000 }[...])
      stand.checkBalance()
    }

    @Test func timesBeforeTheLatestAreCounted() throws {
      let stand = try stand()
      for nanoseconds: UInt64 in [2_000_000, 1_000_000, 3_000_000] {
        try stand.run([thousand(Int(nanoseconds / 1_000_000))], nanoseconds: nanoseconds)
      }
      stand.release(until: .max - 1)
      #expect(times(stand) == [1_008_000, 1_016_000, 2_008_000])
      #expect(stand.figure("times before the latest", of: 2) == 1)
      stand.checkBalance()
    }

    @Test func whatIsKnownOfAPacketIsKnownAfterwards() throws {
      let stand = try Stand(
        stage("parse"), stage("map-priority", ["map": "roce-dscp26"]),
        stage("queue", text: "{rate: 1Gbps, mark: {curve: step, min: 0B}}"),
        stage("send", ["port": "tap"], when: "priority == 3 and ip.ecn == CE"),
        stage("send", ["port": "out"]))
      try stand.run([0, 3, 3, 0].enumerated().map { thousand($0, priority: $1) })
      stand.release(until: .max - 1)
      #expect(stand.sent("tap").count == 1)
      #expect(numbers(stand) == [0, 1, 3])
      stand.checkBalance()
    }

    @Test func nothingIsAllocatedForPackets() throws {
      let stand = try stand(
        "scheduler: dwrr, weights: [1, 1, 1, 1, 1, 1, 1, 1], name: egress,"
          + " mark: {curve: step, min: 0B, decide: dequeue}",
        rate: "100Gbps")
      stand.output("out").records = false
      let packets = (0..<64).map { thousand($0, priority: $0 % 8) }
      for burst in 0..<50 {
        try stand.run(packets, nanoseconds: UInt64(burst + 1) * 100_000)
        stand.release(until: UInt64(burst + 1) * 100_000)
      }
      stand.release(until: .max - 1)
      #expect(stand.allocations == 0)
      stand.checkBalance()
    }

    @Test(arguments: [
      "weights: [1, 1, 1, 1, 1, 1, 1, 1]", "scheduler: dwrr", "scheduler: dwrr, weights: [1, 2]",
      "mode: virtual, scheduler: strict", "mode: virtual, packets: 10",
      "mode: virtual, priority-capacity: 1KB",
      "mode: virtual, mark: {profile: hpcc, decide: dequeue}", "mark: {}",
      "mark: {min: 2KB, max: 1KB}", "mark: {curve: delay, min-delay: 1ms, decide: enqueue}",
      "mark: {profile: hpcc, l4s: {min: 1ms}, decide: enqueue}",
      "mark: {profile: hpcc, average: 4, decide: dequeue}",
    ])
    func settingsThatMakeNoSenseAreRefused(settings: String) throws {
      _ = try stand("scheduler: strict")
      #expect(throws: (any Error).self) { try stand(settings) }
    }
  }
}
