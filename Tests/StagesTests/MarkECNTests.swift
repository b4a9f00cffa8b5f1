// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Settings
import Testing

extension Running {
  @Suite struct MarkECNTests {
    static let codePoints = ["not-ECT": 0, "ECT(1)": 1, "ECT(0)": 2, "CE": 3]

    /// The stage with a rate of 1 Gb/s and these settings.
    func stand(_ settings: String, rate: String = "1Gbps", seed: UInt64 = 1) throws -> Stand {
      let stages = try [
        stage("parse"), stage("map-priority", ["map": "roce-dscp26"]),
        stage("mark-ecn", text: "{rate: \(rate), \(settings)}"), stage("send", ["port": "out"]),
      ]
      return try Stand([PipelinePlan(name: "main", stages: stages)], seed: seed)
    }

    /// A frame that makes the queue as deep as that; it is not IP, so that nothing is marked.
    func fill(_ stand: Stand, bytes: Int, nanoseconds: UInt64 = 1_000_000) throws {
      try stand.run(
        [packet("eth / arp")], nanoseconds: nanoseconds, wireLength: bytes)
    }

    func ecn(_ departure: Departure) -> Int {
      let bytes = departure.bytes
      return bytes[12...13] == [8, 0] ? Int(bytes[15] & 3) : Int(bytes[15] >> 4 & 3)
    }

    func packets(_ version: String, ecn: Int, dscp: Int = 26, count: Int = 60) -> [[UInt8]] {
      (0..<count).map { _ in packet("eth / \(version) tos \(dscp * 4 + ecn) / udp / 8B") }
    }

    enum Depth: Int, CaseIterable {
      case below = 300_000
      case between = 1_250_000
      case above = 3_000_000
    }

    /// What sonic-mgmt's test plan for WRED and ECN statistics has as a table (pull request 8179):
    /// the queue, whether what is not ECN-capable is dropped, the code point.
    @Test(arguments: Depth.allCases, [0, 1, 2, 3])
    func whatBecomesOfEachCodePoint(depth: Depth, codePoint: Int) throws {
      for version in ["ipv4", "ipv6"] {
        for notECT in ["pass", "drop"] {
          let stand = try stand("min: 500KB, max: 2MB, probability: 50%, not-ect: \(notECT)")
          try fill(stand, bytes: depth.rawValue)
          try stand.run(packets(version, ecn: codePoint), nanoseconds: 1_000_000)
          let sent = stand.sent().dropFirst().map(ecn)
          let chosen: ClosedRange<Int> =
            switch depth {
            case .below: 0...0
            // Half way, a quarter of 60 packets.
            case .between: 3...30
            case .above: 60...60
            }
          let comment: Comment = "\(version), \(notECT)"
          switch codePoint {
          case 3:
            #expect(sent == Array(repeating: 3, count: 60), comment)
            #expect(stand.figure("ce in", of: 2) == 60, comment)
            #expect(stand.figure("ce marked", of: 2) == 0, comment)
          case 0:
            #expect(sent.allSatisfy { $0 == 0 }, comment)
            let selected = Int(stand.figure("selected not-ECT", of: 2) ?? 0)
            #expect(chosen.contains(selected), comment)
            #expect(sent.count == (notECT == "drop" ? 60 - selected : 60), comment)
            #expect(stand.dropped.allSatisfy { $0 == "ecn-not-ect" }, comment)
          default:
            let marked = sent.count { $0 == 3 }
            #expect(chosen.contains(marked), comment)
            #expect(sent.count == 60, comment)
            #expect(sent.allSatisfy { $0 == 3 || $0 == codePoint }, comment)
            #expect(stand.figure("ce marked", of: 2) == UInt64(marked), comment)
          }
          stand.checkBalance()
        }
      }
    }

    @Test func aMarkChangesNothingButTheFieldAndItsChecksum() throws {
      let stand = try stand("curve: step, min: 0B")
      let words = ["ipv4 tos 105 ttl 7", "ipv4 tos 106 id 65535", "ipv6 tos 106", "ipv6 tos 1"]
      try fill(stand, bytes: 1_000_000)
      try stand.run(words.map { packet("eth / \($0) / udp / 100B") }, nanoseconds: 1_000_000)
      let marked = ["ipv4 tos 107 ttl 7", "ipv4 tos 107 id 65535", "ipv6 tos 107", "ipv6 tos 3"]
      #expect(
        stand.sent().dropFirst().map(\.bytes) == marked.map { packet("eth / \($0) / udp / 100B") })
      stand.checkBalance()
    }

    @Test func packetsThatAreNotIPFillTheQueueAndPass() throws {
      let stand = try stand("curve: step, min: 0B, not-ect: drop")
      try stand.run(Array(repeating: packet("eth / arp"), count: 10))
      #expect(stand.sent().count == 10)
      #expect(stand.figure("selected not-ECT", of: 2) == 0)
      stand.checkBalance()
    }

    /// 84 bytes each microsecond are a byte more each 8 ns than the link takes.
    @Test func theQueueDrainsAtTheRate() throws {
      // A frame of 60 bytes takes 84 of the wire, and in a microsecond 80 drain.
      let stand = try stand("curve: step, min: 200B", rate: "640Mbps")
      try stand.run(packets("ipv4", ecn: 2, count: 64).map { $0 + Array(repeating: 0, count: 10) })
      // Before packet n (from 0) there are 4 n bytes, rounded up.
      #expect(stand.sent().map(ecn) == (0..<64).map { 4 * $0 > 200 ? 3 : 2 })
      #expect(stand.figure("deepest queue in bytes", of: 2) == 63 * 4 + 84)
      stand.checkBalance()
    }

    func roce(_ opcode: UInt8, queuePair: UInt8 = 9) -> [UInt8] {
      let transport: [UInt8] = [opcode, 0, 0xff, 0xff, 0, 0, 0, queuePair, 0, 0, 0, 1]
      var bytes = packet("eth / ipv4 tos 106 / udp 4791 nochecksum / 32B")
      bytes.replaceSubrange(42..<54, with: transport)
      return bytes
    }

    @Test(
      arguments: [
        (["mark-cnps": "false"], [3, 2, 2, 2, 2]), (["mark-cnps": "true"], [3, 3, 2, 2, 2]),
        (["mark-acks": "true"], [3, 2, 3, 3, 3]),
      ] as [([String: String], [Int])])
    func feedbackOfRoCEIsMarkedWhenAskedTo(settings: [String: String], expected: [Int]) throws {
      let cnps = settings["mark-cnps"] ?? "false"
      let acks = settings["mark-acks"] ?? "false"
      let stand = try stand("curve: step, min: 0B, mark-cnps: \(cnps), mark-acks: \(acks)")
      try fill(stand, bytes: 1_000_000)
      // A write, a CNP, an acknowledgement, one of an atomic operation, a management datagram.
      try stand.run([
        roce(0x0a), roce(0x81), roce(0x11), roce(0x12), roce(0x64, queuePair: 1),
      ])
      #expect(stand.sent().dropFirst().map(ecn) == expected)
      stand.checkBalance()
    }

    @Test func onlyAskedPrioritiesAreMarked() throws {
      let stand = try stand("curve: step, min: 0B, priorities: [3, 6]")
      try fill(stand, bytes: 1_000_000)
      for dscp in [0, 26, 40, 48] {
        try stand.run(packets("ipv4", ecn: 1, dscp: dscp, count: 1))
      }
      #expect(stand.sent().dropFirst().map(ecn) == [1, 3, 1, 3])
      stand.checkBalance()
    }

    @Test(arguments: ["priority", "class"])
    func prioritiesAndClassesMayHaveQueuesOfTheirOwn(per: String) throws {
      let stand = try Stand(
        stage("parse"), stage("map-priority", ["map": "roce-dscp26"]),
        stage("classify", text: "{rules: [{match: ip.dscp == 26, class: a}]}"),
        stage("mark-ecn", ["rate": "1Gbps", "curve": "step", "min": "1KB", "per": per]),
        stage("send", ["port": "out"]))
      for dscp in [26, 8, 26, 8] {
        try stand.run(
          packets("ipv4", ecn: 2, dscp: dscp, count: 1), wireLength: dscp == 26 ? 5000 : 60)
      }
      #expect(stand.sent().map(ecn) == [2, 2, 3, 2])
      stand.checkBalance()
    }

    @Test func l4sPacketsAreMarkedByTheirDelay() throws {
      let stand = try stand("curve: step, min: 1MB, l4s: {min: 1ms}")
      // 1 ms are 125,000 bytes.
      for (bytes, nanoseconds) in [(124_000, 1_000_000_000), (126_000, 2_000_000_000)] {
        try fill(stand, bytes: bytes, nanoseconds: UInt64(nanoseconds))
        for codePoint in [1, 2, 3] {
          try stand.run(
            packets("ipv4", ecn: codePoint, count: 1), nanoseconds: UInt64(nanoseconds))
        }
      }
      #expect(stand.sent().filter { $0.bytes[13] == 0 }.map(ecn) == [1, 2, 3, 3, 2, 3])
      stand.checkBalance()
    }

    @Test func aDelayIsTheDepthThatDrainsInIt() throws {
      let stand = try stand("curve: delay, min-delay: 1ms")
      for (bytes, nanoseconds) in [(124_976, 1_000_000_000), (124_977, 2_000_000_000)] {
        try fill(stand, bytes: bytes, nanoseconds: UInt64(nanoseconds))
        try stand.run(packets("ipv4", ecn: 2, count: 1), nanoseconds: UInt64(nanoseconds))
      }
      #expect(stand.sent().filter { $0.bytes[13] == 0 }.map(ecn) == [2, 3])
      stand.checkBalance()
    }

    @Test func anAverageFollowsSlowly() throws {
      let stand = try stand("curve: step, min: 400KB, average: 2")
      try fill(stand, bytes: 1_000_000)
      // The frame that fills found nothing: 0, then 250, 437, ... thousand.
      try stand.run(packets("ipv4", ecn: 2, count: 4))
      #expect(stand.sent().dropFirst().map(ecn) == [2, 3, 3, 3])
      // A second later all has drained, and the average is forgotten.
      try stand.run(packets("ipv4", ecn: 2, count: 1), nanoseconds: 2_000_000_000)
      #expect(stand.sent().last.map(ecn) == 2)
      stand.checkBalance()
    }

    @Test func timesBeforeTheLatestAreCounted() throws {
      let stand = try stand("curve: step, min: 50KB")
      try fill(stand, bytes: 100_000, nanoseconds: 5_000_000)
      try stand.run(packets("ipv4", ecn: 2, count: 1), nanoseconds: 1_000_000)
      // What drains is gone once the time is later than the latest: after 500 us 37,500 bytes wait.
      try stand.run(packets("ipv4", ecn: 2, count: 1), nanoseconds: 5_500_000)
      #expect(stand.sent().dropFirst().map(ecn) == [3, 2])
      #expect(stand.figure("times before the latest", of: 2) == 1)
      stand.checkBalance()
    }

    @Test func nothingIsAllocatedForPackets() throws {
      let stand = try stand("min: 0B, max: 1MB, l4s: {min: 1us}, not-ect: drop")
      stand.output("out").records = false
      stand.drops.records = false
      let packets = (0..<64).map { packet("eth / ipv4 tos \($0 % 4) / udp / 8B") }
      for burst in 0..<50 { try stand.run(packets, nanoseconds: UInt64(burst) * 1000) }
      #expect(stand.allocations == 0)
      stand.checkBalance()
    }

    @Test func theSameSeedMarksTheSamePackets() throws {
      let runs = try [1, 1, 2].map { (seed: UInt64) in
        let stand = try stand("min: 0B, max: 2MB", seed: seed)
        try fill(stand, bytes: 1_000_000)
        try stand.run(packets("ipv4", ecn: 2))
        return stand.sent().map(ecn)
      }
      #expect(runs[0] == runs[1])
      #expect(runs[0] != runs[2])
    }

    @Test(arguments: [
      "", "min: 2MB, max: 1MB", "min: 1MB", "max: 1MB", "profile: hpcc, min: 1MB",
      "profile: hpcc, curve: step", "curve: step", "curve: step, min: 1KB, max: 2KB",
      "curve: step, min: 1KB, probability: 5%", "curve: delay",
      "curve: delay, min-delay: 2ms, max-delay: 1ms", "curve: delay, min-delay: 2ms, min: 5KB",
      "curve: delay, min-delay: 2ms, average: 4", "min: 1KB, max: 2KB, min-delay: 1ms",
      "min: 1KB, max: 2KB, probability: 101%", "profile: dctcp, l4s: {min: 2ms, max: 1ms}",
    ])
    func settingsThatMakeNoSenseAreRefused(settings: String) throws {
      _ = try stand("profile: dctcp")
      #expect(throws: (any Error).self) { try stand(settings) }
      #expect(throws: (any Error).self) { try stand("profile: dctcp", rate: "0bps") }
    }
  }
}
