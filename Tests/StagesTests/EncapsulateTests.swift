// SPDX-License-Identifier: BSD-3-Clause
import Bench
import CDPDK
import Pipeline
import Settings
import Testing
import Wire

@testable import Stages

extension Running {
  @Suite struct EncapsulateTests {
    /// `encapsulate` into network 5001, with these settings beside or in place of the usual ones.
    private func encapsulate(_ more: [String: String] = [:]) throws -> StagePlan {
      let usual = [
        "type": "vxlan", "id": "5001", "src": "10.0.0.1", "dst": "10.0.0.2",
        "eth-src": "02:00:00:00:00:01", "eth-dst": "02:00:00:00:00:02",
      ]
      var values = try SettingValues(
        Encapsulate.settings,
        [
          "type": "vxlan", "id": "0", "src": "10.0.0.1", "dst": "10.0.0.2",
          "eth-src": "02:00:00:00:00:01", "eth-dst": "02:00:00:00:00:02",
        ])
      for (name, text) in usual.merging(more, uniquingKeysWith: { $1 }) {
        let declaration = try #require(Encapsulate.settings.first { $0.name == name })
        values.give(try declaration.kind.parse(text), to: name, at: nil)
      }
      return try stage("encapsulate", values)
    }

    private func stand(_ more: [String: String] = [:], malformed: String = "drop") throws -> Stand {
      try Stand(
        stage("parse", ["malformed": malformed]), encapsulate(more), stage("send", ["port": "out"]))
    }

    private func port(_ bytes: [UInt8], at place: Int = 34) -> Int {
      Int(bytes[place]) << 8 | Int(bytes[place + 1])
    }

    /// The packet in the tunnel that is expected, but for its UDP source port, which is `like`'s.
    private func expected(
      _ inner: [UInt8], _ outer: String, header: [UInt8] = [8, 0, 0, 0, 0, 0x13, 0x89, 0],
      port: Int = 4789, like found: [UInt8]
    ) -> [UInt8] {
      let isIPv4 = outer.hasPrefix("ipv4")
      var bytes = tunnelled(inner, outer: outer, port: port, header: header)
      let place = isIPv4 ? 34 : 54
      bytes.replaceSubrange(place..<place + 2, with: found[place..<place + 2])
      if isIPv4 {
        // "Don't fragment" and no identification: words of the test's packets cannot say both.
        bytes.replaceSubrange(18..<22, with: [0, 0, 0x40, 0])
        bytes.replaceSubrange(24..<26, with: [0, 0])
        bytes.replaceSubrange(24..<26, with: big(internetChecksum(Array(bytes[14..<34]))))
      } else {
        bytes[15] = bytes[15] & 0xf0 | found[15] & 0x0f
        bytes.replaceSubrange(16..<18, with: found[16..<18])
      }
      return bytes
    }

    @Test(arguments: ["eth / ipv4 / udp / 9B", "eth / vlan 5 / ipv6 / tcp / 9B", "eth / arp"])
    func anyPacketGoesIn(words: String) throws {
      let stand = try stand()
      try stand.run([packet(words)])
      let found = try #require(stand.sent().first)
      #expect(found.bytes == expected(packet(words), "ipv4", like: found.bytes))
      #expect(found.wireLength == UInt32(packet(words).count + 50))
      #expect(wrongChecksums(in: found.bytes) == [])
      stand.checkBalance()
    }

    @Test func geneveOverIPv6HasItsOptions() throws {
      let stand = try stand([
        "type": "geneve", "src": "2001:db8::1", "dst": "2001:db8::2", "options": "0102800100000007",
      ])
      let inner = packet("eth / ipv4 / udp / 9B")
      try stand.run([inner])
      let found = try #require(stand.sent().first)
      let header: [UInt8] = [2, 0x40, 0x65, 0x58, 0, 0x13, 0x89, 0, 1, 2, 0x80, 1, 0, 0, 0, 7]
      #expect(
        found.bytes == expected(inner, "ipv6", header: header, port: 6081, like: found.bytes))
      stand.checkBalance()
    }

    /// DSCP and ECN of the packet, settings, DSCP and ECN outside (RFC 6040 section 4.1, figure 3).
    static let classes: [(Int, Int, [String: String], Int, Int)] =
      (0...3).flatMap { ecn in
        [
          (26, ecn, [:], 26, ecn), (26, ecn, ["ecn": "compatibility"], 26, 0),
          (26, ecn, ["dscp": "46"], 46, ecn),
          (26, ecn, ["dscp": "0", "ecn": "compatibility"], 0, 0),
        ]
      }

    @Test(arguments: classes, ["ipv4", "ipv6"])
    func theTunnelHasTheClassThatIsSet(
      _ row: (Int, Int, [String: String], Int, Int), _ version: String
    ) throws {
      let stand = try stand(row.2)
      let inner = packet("eth / \(version) tos \(row.0 << 2 | row.1) / udp / 9B")
      try stand.run([inner])
      let found = try #require(stand.sent().first).bytes
      #expect(found == expected(inner, "ipv4 tos \(row.3 << 2 | row.4)", like: found))
    }

    @Test func flowsDifferInTheirPortAndKeepIt() throws {
      let stand = try stand()
      let flows = (0..<60).map { packet("eth / ipv4 / udp 1000 > \(2000 + $0) / 9B") }
      try stand.run(flows)
      try stand.run(flows.map { Array($0.dropLast()) + [0xff] })
      let ports = stand.sent().map { port($0.bytes) }
      #expect(Array(ports.prefix(60)) == Array(ports.suffix(60)))
      #expect(Set(ports).count >= 58)
      #expect(ports.allSatisfy { (49152...65535).contains($0) })
    }

    @Test func queuePairsDifferInTheirPort() throws {
      let stand = try stand()
      try stand.run(
        (0..<60).map { number in
          var bytes = ICRCTests.good
          bytes[49] = UInt8(number)
          return bytes
        })
      #expect(Set(stand.sent().map { port($0.bytes) }).count >= 58)
    }

    @Test func fragmentsOfADatagramShareAPort() throws {
      let stand = try stand()
      try stand.run([
        packet("eth / ipv4 fragment 8192 / udp 7 > 9 / 16B"),
        packet("eth / ipv4 fragment 100 / udp 1 > 2 / 16B"),
      ])
      #expect(Set(stand.sent().map { port($0.bytes) }).count == 1)
    }

    @Test func lengthsCountWhatACaptureCutOff() throws {
      let stand = try stand(["checksum": "true"])
      let whole = packet("eth / ipv4 / udp / 1000B")
      try stand.run([Array(whole.prefix(60))], wireLength: whole.count)
      let found = try #require(stand.sent().first)
      #expect(found.wireLength == UInt32(whole.count + 50))
      #expect(found.bytes == Array(expected(whole, "ipv4", like: found.bytes).prefix(110)))
      #expect(stand.figure("without checksum: cut", of: 1) == 1)
      stand.checkBalance()
    }

    @Test(arguments: [("10.0.0.1", "10.0.0.2", 40), ("2001:db8::1", "2001:db8::2", 60)])
    func checksumsCoverEveryBuffer(source: String, destination: String, place: Int) throws {
      // Buffers of 257 bytes: each second one begins at an odd place.
      let settings = ["checksum": "true", "src": source, "dst": destination]
      let stages = try [stage("parse"), encapsulate(settings), stage("send", ["port": "out"])]
      for dataRoom in [384, 385, 2048] {
        let stand = try Stand([PipelinePlan(name: "main", stages: stages)], dataRoom: dataRoom)
        try stand.run([packet("eth / ipv4 / udp / 1301B"), packet("eth / ipv6 / udp / 1300B")])
        let found = stand.sent().map(\.bytes)
        #expect(found.map { port($0, at: place) != 0 } == [true, true])
        #expect(found.flatMap { wrongChecksums(in: $0) } == [])
        stand.checkBalance()
      }
    }

    @Test func packetsWithoutRoomAreLeftAlone() throws {
      let stand = try stand()
      let bytes = packet("eth / ipv4 / udp / 9B")
      let full = try #require(cdpdk_fill(stand.pool.handle, bytes, UInt32(bytes.count)))
      try #require(cdpdk_prepend(full, 100)).copyMemory(from: bytes, byteCount: bytes.count)
      stand.run(packets: [full])
      #expect(stand.sent().map { Array($0.bytes.prefix(bytes.count)) } == [bytes])
      #expect(stand.figure("left alone: no room in front", of: 1) == 1)
      stand.checkBalance()
    }

    @Test func packetsThatLengthsCannotCountAreLeftAlone() throws {
      let stand = try stand()
      let bytes = packet("eth / ipv4 / udp / 9B")
      try stand.run([bytes], wireLength: 65_499)
      try stand.run([bytes], wireLength: 65_500)
      #expect(stand.figure("encapsulated", of: 1) == 1)
      #expect(stand.figure("left alone: too long", of: 1) == 1)
      #expect(stand.sent().last?.bytes == bytes)
    }

    @Test(arguments: [
      ("cooked / ipv4 / udp / 9B", LinkType.linuxCooked), ("ipv4 / udp / 9B", .rawIP),
    ])
    func packetsWithoutEthernetAreLeftAlone(words: String, link: LinkType) throws {
      let stand = try stand()
      try stand.run([packet(words)], link: link)
      #expect(stand.sent().map(\.bytes) == [packet(words)])
      #expect(stand.figure("left alone: no Ethernet header", of: 1) == 1)
    }

    @Test func malformedPacketsAreLeftAlone() throws {
      let stand = try stand(malformed: "pass")
      let bytes = Array(packet("eth / ipv4 / udp / 9B").dropLast())
      try stand.run([bytes])
      #expect(stand.sent().map(\.bytes) == [bytes])
      #expect(stand.figure("left alone: malformed", of: 1) == 1)
    }

    @Test func laterStagesSeeTheTunnelAndTheMarks() throws {
      let stand = try Stand(
        stage("parse"), stage("sample", ["every": "1"]), encapsulate(),
        stage(
          "send", ["port": "out"],
          when: "sampled and vxlan and tunnel.id == 5001 and inner.udp.dst == 4000"))
      try stand.run([packet("eth / ipv4 / udp / 9B")])
      #expect(stand.sent().count == 1)
    }

    @Test(arguments: [
      ["dst": "2001:db8::2"], ["options": "01020000"], ["type": "geneve", "options": "0102000"],
      ["type": "geneve", "options": "010200xx"], ["type": "geneve", "options": "01020001"],
      ["type": "geneve", "options": "010200"],
      ["type": "geneve", "options": String(repeating: "01020000", count: 20)],
      ["type": "geneve", "options": String(repeating: "01020000", count: 300)],
    ])
    func contradictionsAreRefused(settings: [String: String]) throws {
      let plan = try encapsulate(settings)
      #expect(throws: StageBuildError.self) { try Stand(plan) }
    }

    @Test func noDamageDoesHarm() throws {
      let stand = try stand(["checksum": "true"], malformed: "pass")
      for words in ["eth / vlan 4 / ipv6 / udp / 30B", "eth / ipv4 / tcp / 30B"] {
        for bytes in damaged(packet(words)) { try stand.run([bytes]) }
      }
      stand.checkBalance()
    }
  }
}
