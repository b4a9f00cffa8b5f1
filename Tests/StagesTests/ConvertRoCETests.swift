// SPDX-License-Identifier: BSD-3-Clause
import Bench
import CDPDK
import Pipeline
import Testing
import Wire

@testable import Stages

extension Running {
  @Suite struct ConvertRoCETests {
    /// RoCEv1 of scapy's tests, between IPv4's GIDs: a write of 5 bytes, and its acknowledgement.
    static let public1 = [
      "7cfe90753cd87cfe90753cd889156020000000281b4000000000000000000000ffff0f0000020000000000"
        + "0000000000ffff0f0000020a70ffff0000010a80a788bc000055d4c0726000000047b300000005000000"
        + "0001000000e3d856bb",
      "7cfe90753cd87cfe90753cd889156020000000141b4000000000000000000000ffff0f0000020000000000"
        + "0000000000ffff0f0000021140ffff0000010900a788c00000000525f0c038",
    ].map { ICRCTests.bytes($0) }

    /// A SEND of "hello" over IPv6.
    static let six = ICRCTests.bytes(
      "02000000000202000000000186dd66a1135a00201140fd000000000000000000000000000001fd000000000000"
        + "000000000000000002d35e12b70020000004f0ffff0000010a8000010068656c6c6f000000c9377fa0")

    private func stand(
      _ versions: String..., malformed: String = "drop", dataRoom: Int? = nil,
      source: String? = nil
    ) throws -> Stand {
      var stages = try [stage("parse", ["malformed": malformed])]
      for version in versions {
        stages.append(
          try source.map { try stage("convert-roce", ["to": version, "source-port": $0]) }
            ?? stage("convert-roce", ["to": version]))
      }
      try stages += [stage("verify-icrc"), stage("send", ["port": "out"])]
      let plans = [PipelinePlan(name: "main", stages: stages)]
      return try dataRoom.map { try Stand(plans, dataRoom: $0) } ?? Stand(plans)
    }

    @Test func version2IsWhatASenderWouldHaveMade() throws {
      let stand = try stand("v2")
      try stand.run(Self.public1)
      let found = stand.sent().map(\.bytes)
      // Type of service 2, "don't fragment", a source port by queue pair 0x10a, no UDP checksum.
      let headers = ICRCTests.bytes(
        "0800450200440000400040110000" + "0f0000020f000002" + "c10a12b700300000")
      var expected = joined(Self.public1[0][..<12], headers[...], Self.public1[0][54...])
      expected.replaceSubrange(24..<26, with: big(internetChecksum(Array(expected[14..<34]))))
      #expect(found[0].dropLast(4) == expected.dropLast(4))
      #expect(stand.figure("good", of: 2) == 2)
      #expect(stand.sent().map(\.wireLength) == found.map { UInt32($0.count) })
      stand.checkBalance()
    }

    @Test func version1HasTheAddressesAsGIDs() throws {
      let stand = try stand("v1")
      try stand.run([ICRCTests.good, Self.six])
      let found = stand.sent().map(\.bytes)
      let four = ICRCTests.bytes(
        "891566a0000000181b40" + "00000000000000000000ffff0a000001"
          + "00000000000000000000ffff0a000002")
      let expected = joined(ICRCTests.good[..<12], four[...], ICRCTests.good[42...])
      #expect(found[0].dropLast(4) == expected.dropLast(4))
      let grh = ICRCTests.bytes("891566a1135a00181b40")
      let expected6 = joined(Self.six[..<12], grh[...], Self.six[22..<54], Self.six[62...])
      #expect(found[1].dropLast(4) == expected6.dropLast(4))
      #expect(stand.figure("good", of: 2) == 2)
      stand.checkBalance()
    }

    @Test func version1IsTheSameAfterAnExcursion() throws {
      let stand = try stand("v2", "v1")
      let tag: [UInt8] = [0x81, 0, 0x60, 10]
      let tagged = Self.public1.map { joined($0[..<12], tag[...], $0[12...]) }
      try stand.run(Self.public1 + tagged)
      #expect(stand.sent().map(\.bytes) == Self.public1 + tagged)
    }

    @Test func version2OverIPv6IsTheSameButForItsPort() throws {
      let stand = try stand("v1", "v2", source: "54110")
      try stand.run([Self.six])
      #expect(stand.sent().map(\.bytes) == [Self.six])
    }

    @Test(arguments: [[0x01, 0, 0, 0], [0xff, 0xff, 0xff, 0xff], [0, 0, 0, 0x80]] as [[UInt8]])
    func aWrongICRCStaysWrongByAsMuch(mask: [UInt8]) throws {
      let stand = try stand("v2")
      let wrong = Self.public1.map { packet -> [UInt8] in
        let check: [UInt8] = zip(packet.suffix(4), mask).map { $0 ^ $1 }
        return joined(packet.dropLast(4), check[...])
      }
      try stand.run(wrong + Self.public1)
      let found = stand.sent().map { Array($0.bytes.suffix(4)) }
      for index in 0..<2 {
        let difference = zip(found[index], found[index + 2]).map { $0 ^ $1 }
        #expect(difference == mask)
      }
      #expect([stand.figure("good", of: 2), stand.figure("bad", of: 2)] == [2, 2])
    }

    /// Worked out from Linux's rdma_get_udp_sport.
    @Test(arguments: [
      (0, 0x11, 0x12, 0xc132), (0, 0x109, 0x10a, 0xd35e), (0, 0xd2, 0xd3, 0xed14),
      (0, 0x012345, 0x06789a, 0xfa58), (0, 0xffffff, 0xffffff, 0xff21),
      (0x1face, 1, 2, 0xfac9), (0xfffff, 1, 2, 0xffc0), (1, 1, 2, 0xc001),
    ])
    func portsFollowFromLabelAndQueuePairs(label: Int, one: Int, other: Int, port: Int) {
      let found = RoCERoute.sourcePort(flowLabel: UInt32(label), UInt32(one), UInt32(other))
      #expect(Int(found) == port)
    }

    @Test func packetsInSeveralBuffersAreConverted() throws {
      // Buffers of 128 bytes: the ICRC of the 258 lies across two.
      let chained = try stand("v2", dataRoom: 256)
      let single = try stand("v2")
      let more = [UInt8](repeating: 7, count: 168)
      var long = joined(Self.public1[0].dropLast(4), more[...])
      long.replaceSubrange(18..<20, with: big(204))
      for stand in [chained, single] { try stand.run([long]) }
      #expect(chained.sent().map(\.bytes) == single.sent().map(\.bytes))
      #expect(chained.figure("converted", of: 1) == 1)
      chained.checkBalance()
    }

    @Test func cutPacketsAreConvertedWithoutTheirICRC() throws {
      let stand = try stand("v2")
      let whole = Self.public1[0]
      try stand.run([Array(whole.dropLast(2))], wireLength: whole.count)
      let found = try #require(stand.sent().first)
      #expect(found.bytes.suffix(2) == whole.suffix(4).prefix(2))
      #expect(found.wireLength == UInt32(whole.count - 12))
      #expect(stand.figure("converted without their ICRC: cut", of: 1) == 1)
    }

    @Test func whatCannotBeConvertedIsLeftAlone() throws {
      let stand = try stand("v1", malformed: "pass")
      let good = ICRCTests.good
      let nothing: [UInt8] = [1, 1, 1, 0]
      var options = joined(good[..<34], nothing[...], good[34...])
      options[14] = 0x46
      options.replaceSubrange(16..<18, with: big(56))
      var fragment = good
      fragment[20] = 0x20
      let label: [UInt8] = [0x88, 0x47, 0, 1, 1, 64]
      let labelled = joined(good[..<12], label[...], good[14...])
      let packets = [
        tunnelled(good), options, fragment, Self.public1[0], Array(good.dropLast()),
        labelled, packet("eth / ipv4 / udp / 9B"),
      ]
      try stand.run(packets)
      #expect(stand.sent().map(\.bytes) == packets)
      let names = [
        "left alone: in a tunnel", "left alone: fragments", "already of that version",
        "left alone: malformed", "not RoCE",
      ]
      #expect(names.map { stand.figure($0, of: 1) } == [1, 1, 1, 1, 1])
      #expect(stand.figure("left alone: IP options, extension headers or labels", of: 1) == 2)
      stand.checkBalance()
    }

    @Test func packetsOfOtherLinksAreLeftAlone() throws {
      let stand = try stand("v1")
      let bytes = Array(ICRCTests.good.dropFirst(14))
      try stand.run([bytes], link: .rawIP)
      #expect(stand.sent().map(\.bytes) == [bytes])
      #expect(stand.figure("left alone: no Ethernet header", of: 1) == 1)
    }

    @Test func packetsWithoutRoomAreLeftAlone() throws {
      let stand = try stand("v1")
      let bytes = ICRCTests.good
      let full = try #require(cdpdk_fill(stand.pool.handle, bytes, UInt32(bytes.count)))
      try #require(cdpdk_prepend(full, 120)).copyMemory(from: bytes, byteCount: bytes.count)
      stand.run(packets: [full])
      #expect(stand.sent().map { Array($0.bytes.prefix(bytes.count)) } == [bytes])
      #expect(stand.figure("left alone: no room in front", of: 1) == 1)
    }

    @Test func noDamageDoesHarm() throws {
      for (version, bytes) in [("v2", Self.public1[0]), ("v1", ICRCTests.good), ("v1", Self.six)] {
        let stand = try stand(version, malformed: "pass")
        for damage in damaged(bytes) { try stand.run([damage]) }
        stand.checkBalance()
      }
    }
  }
}
