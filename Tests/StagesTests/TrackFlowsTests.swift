// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Settings
import Testing

extension Running {
  @Suite struct TrackFlowsTests {
    func stand(_ settings: KeyValuePairs<String, String> = [:]) throws -> Stand {
      try Stand(
        stage("parse"), stage("track-flows", settings),
        stage("found", ["what": "flow"], in: FoundFlows.registry), stage("send", ["port": "out"]))
    }

    /// How many flows these packets are.
    func flows(_ settings: KeyValuePairs<String, String>, _ packets: String...) throws -> UInt64? {
      let stand = try stand(settings)
      try stand.run(packets.map { packet("eth / \($0) / 40B") })
      stand.checkBalance()
      return stand.figure("in use", of: 1)
    }

    @Test func aFlowIsTheFiveTuple() throws {
      let count = try flows(
        [:], "ipv4 / udp 1 > 2", "ipv4 / udp 1 > 2", "ipv4 / udp 1 > 3", "ipv4 / udp 2 > 2",
        "ipv4 / tcp 1 > 2", "ipv4 10.0.0.9 > 10.0.0.2 / udp 1 > 2", "ipv6 / udp 1 > 2",
        "ipv4 10.0.0.2 > 10.0.0.1 / udp 2 > 1")
      #expect(count == 7)
    }

    @Test func foldedBothDirectionsAreOneFlow() throws {
      let count = try flows(
        ["fold": "true"], "ipv4 10.0.0.1 > 10.0.0.2 / udp 1 > 2",
        "ipv4 10.0.0.2 > 10.0.0.1 / udp 2 > 1", "ipv4 10.0.0.2 > 10.0.0.1 / udp 1 > 2",
        "ipv6 2001:db8::1 > 2001:db8::2 / tcp 1 > 2", "ipv6 2001:db8::2 > 2001:db8::1 / tcp 2 > 1",
        "ipv4 10.0.0.1 > 10.0.0.1 / udp 1 > 2", "ipv4 10.0.0.1 > 10.0.0.1 / udp 2 > 1")
      #expect(count == 4)
    }

    @Test func aFlowIsWhatTheKeySays() throws {
      let count = try flows(
        ["key": "[ip.dst, udp.dst]"], "ipv4 / udp 1 > 2", "ipv4 / udp 7 > 2", "ipv4 / udp 7 > 3")
      #expect(count == 2)
    }

    @Test func packetsWithoutTheKeyAreCountedAndPassed() throws {
      let stand = try stand()
      try stand.run([
        packet("eth / ipv4 / icmp / 40B"), packet("eth / arp"), packet("eth / ipv4 / udp / 40B"),
        packet("eth / ipv4 fragment 9 / udp / 40B"),
      ])
      #expect(stand.sent().map(FoundFlows.packets) == [nil, nil, 1, nil])
      #expect(stand.figure("not tracked: without the key", of: 1) == 3)
    }

    @Test func flowsThatWereIdleAreGivenUp() throws {
      let stand = try stand(["idle": "1ms"])
      try stand.run([packet("eth / ipv4 / udp 1 > 2 / 40B")], nanoseconds: 0)
      try stand.run([packet("eth / ipv4 / udp 3 > 4 / 40B")], nanoseconds: 2_000_000)
      #expect(stand.figure("aged out", of: 1) == 1)
      #expect(stand.figure("in use", of: 1) == 1)
    }

    @Test(arguments: [
      ["key": "[ip.srcc]"], ["key": "[eth.src, eth.dst, ip.src, ip.dst]"],
      ["key": "[vlan.id]", "fold": "true"],
    ])
    func keysThatCannotBeAreRefused(settings: [String: String]) throws {
      let pairs = settings.sorted { $0.key > $1.key }
      #expect(throws: StageBuildError.self) {
        try pairs.count == 1
          ? stand(["key": pairs[0].value])
          : stand(["key": pairs[0].value, "fold": pairs[1].value])
      }
    }

    @Test(arguments: [nil, "[udp.src, udp.dst, eth.src]", "[ip.src, udp.dst, vlan.id]"])
    func burstsAllocateNothing(key: String?) throws {
      let flows = try key.map {
        try stage("track-flows", ["key": $0, "capacity": "20", "idle": "1ms"])
      }
      let stand = try Stand(
        stage("parse"), flows ?? stage("track-flows", ["capacity": "20", "idle": "1ms"]),
        stage("send", ["port": "out"]))
      stand.output("out").records = false
      let bursts = (0..<10).map { burst in
        (0..<60).map { packet("eth / ipv4 / udp \(burst) > \($0) / 40B") }
      }
      for round in 0..<300 {
        let before = stand.allocations
        try stand.run(bursts[round % 10], nanoseconds: UInt64(round) * 300_000)
        if round > 2 { #expect(stand.allocations == before) }
      }
      #expect(key?.contains("vlan") == true || stand.figure("evicted", of: 1) ?? 0 > 0)
    }
  }
}
