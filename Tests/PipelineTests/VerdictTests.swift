// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Testing

extension Running {
  @Suite struct VerdictTests {
    let udp = packet("eth / ipv4 / udp / 20B")
    let tcp = packet("eth / ipv4 / tcp / 20B")
    let arp = packet("eth / arp")

    @Test func firstVerdictIsTheOnlyOne() throws {
      let stand = try Stand(stage("indecisive", in: probes), stage("drop", ["reason": "late"]))
      try stand.run([udp, tcp])
      #expect(stand.sent().map(\.bytes) == [udp, tcp])
      #expect(stand.dropped.isEmpty)
      #expect(stand.counters(1).packets == 0)
      stand.checkBalance()
    }

    @Test func endOfAPipelineDrops() throws {
      let stand = try Stand(stage("parse"), stage("send", ["port": "out"], when: "udp"))
      try stand.run([udp, tcp, arp])
      #expect(stand.sent().map(\.bytes) == [udp])
      #expect(stand.dropped == ["no-verdict", "no-verdict"])
      stand.checkBalance()
    }

    @Test func emptyPipelineDropsEverything() throws {
      let stand = try Stand([pipeline("main")])
      try stand.run([udp, tcp])
      #expect(stand.dropped == ["no-verdict", "no-verdict"])
      stand.checkBalance()
    }

    @Test func droppedPacketsShowWhoDroppedThemAndWhy() throws {
      let stand = try Stand(
        stage("parse"), stage("drop", ["reason": "no-tcp"], when: "tcp"),
        stage("drop", ["reason": "rest"]))
      try stand.run([udp, tcp])
      let drops = stand.drops.departures
      #expect(drops.map(\.stage) == [2, 1])
      #expect(stand.dropped == ["rest", "no-tcp"])
      #expect(drops.map(\.bytes) == [udp, tcp])
      stand.checkBalance()
    }

    @Test func sentPacketsShowWhoSentThem() throws {
      let stand = try Stand(
        stage("parse"), stage("send", ["port": "out"], when: "tcp"),
        stage("send", ["port": "out"]))
      try stand.run([udp, tcp])
      #expect(stand.sent().map(\.stage) == [2, 1])
      stand.checkBalance()
    }

    @Test func packetsKeepTheirOrderAndTheirTimes() throws {
      let stand = try Stand(stage("parse"), stage("send", ["port": "out"], when: "not arp"))
      try stand.run([udp, arp, tcp, arp, udp], nanoseconds: 500)
      #expect(stand.sent().map(\.bytes) == [udp, tcp, udp])
      #expect(stand.sent().map(\.nanoseconds) == [500, 2500, 4500])
      stand.checkBalance()
    }

    @Test(arguments: [0, 1, 3, 9])
    func packetsThatAPortDoesNotTakeAreDropped(appetite: Int) throws {
      let stand = try Stand(stage("send", ["port": "out"]))
      stand.output("out").appetite = appetite
      try stand.run(Array(repeating: udp, count: 10))
      #expect(stand.set.reasonCounters.values[1] == UInt64(10 - appetite))
      #expect(stand.set.portCounters.values[1].sentPackets == UInt64(appetite))
      #expect(stand.set.portCounters.values[1].sentBytes == UInt64(appetite * udp.count))
      stand.checkBalance()
    }

    @Test(arguments: [0, 64])
    func anyNumberOfPacketsMakesABurst(count: Int) throws {
      let stand = try Stand(stage("parse"), stage("send", ["port": "out"]))
      try stand.run(Array(repeating: udp, count: count))
      #expect(stand.sent().count == count)
      #expect(stand.set.portCounters.values[0].receivedPackets == UInt64(count))
      #expect(stand.set.portCounters.values[0].receivedBytes == UInt64(count * udp.count))
      stand.checkBalance()
    }

    @Test func burstKnowsNothingOfTheOneBefore() throws {
      let stand = try Stand(
        stage("parse"), stage("drop", ["reason": "tcp"], when: "tcp"),
        stage("send", ["port": "out"]))
      try stand.run(Array(repeating: tcp, count: 64))
      try stand.run([udp])
      try stand.run([])
      #expect(stand.sent().map(\.bytes) == [udp])
      #expect(stand.dropped.count == 64)
      stand.checkBalance()
    }

    @Test func sixtyFourPortsAreToldApart() throws {
      let ports = (0..<64).map { "p\($0)" }
      let stages = try ports.enumerated().map { index, name in
        try stage("send", ["port": name], when: "packet.length == \(100 + index)")
      }
      let stand = try Stand([PipelinePlan(name: "main", stages: stages)], ports: ports)
      try stand.run((0..<64).map { [UInt8](repeating: 0, count: 163 - $0) })
      #expect(ports.map { stand.sent($0).map(\.bytes.count) } == (0..<64).map { [100 + $0] })
      stand.checkBalance()
    }
  }
}
