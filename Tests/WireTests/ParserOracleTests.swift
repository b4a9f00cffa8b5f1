// SPDX-License-Identifier: BSD-3-Clause
import Glibc
import Testing

@testable import Wire

/// The parser's reading of every shared capture, held against tshark's.
@Suite(.enabled(if: SharedCaptures.areReadable, "needs the shared captures and Wireshark's tools"))
struct ParserOracleTests {
  /// A packet, what we read of it and what tshark did.
  struct Case {
    let number: Int
    let packet: CapturedPacket
    let headers: Headers
    let tshark: TsharkReading
  }

  static let cases: [Case] = {
    guard let path = SharedCaptures.merge() else { return [] }
    defer { unlink(path) }
    let packets = CapturedPacket.read(path)
    let readings = TsharkReading.read(path)
    guard packets.count == readings.count else { return [] }
    return packets.indices.compactMap { index in
      packets[index].link.map { _ in
        Case(
          number: index + 1, packet: packets[index], headers: packets[index].parsed(),
          tshark: readings[index])
      }
    }
  }()

  @Test func everyCaptureIsRead() {
    #expect(Self.cases.count > 31000)
  }

  /// Where something is wrong, tshark shows the remains of a header (a cut one, a fifth VLAN tag,
  /// an IPv4 header whose version or length is impossible), and we do not: then ours are fewer.
  @Test func layersAreThoseOfTshark() {
    for each in Self.cases {
      let expected = each.tshark.layers()
      // Of one capture, 37 packets of RoCE come from the port of TFTP, and tshark believes it.
      let isTFTP = each.tshark.protocols.contains("tftp")
      let found = each.headers.layers.intersection(TsharkReading.comparedLayers)
        .subtracting(isTFTP ? .bth : [])
      let isExplained = each.headers.malformation != .none && found.isSubset(of: expected)
      #expect(
        found == expected || isExplained,
        "packet \(each.number): \(found) is not \(each.tshark.protocols)")
    }
  }

  @Test func fieldsAtOurOffsetsHaveTsharksValues() {
    for each in Self.cases {
      for probe in FieldProbe.all where each.headers.layers.contains(probe.layer) {
        guard let expected = each.tshark[probe.field] else { continue }
        let found = probe.read(each.packet.bytes, each.headers)
        #expect(found == expected, "packet \(each.number): \(probe.field)")
      }
    }
  }

  @Test func tagsAtOurOffsetsHaveTsharksIdentifiers() {
    for each in Self.cases where each.headers.layers.contains(.vlan) {
      let service = each.tshark["ieee8021ad.id"]
      let found = FieldProbe.identifier.read(each.packet.bytes, each.headers)
      #expect(found == service ?? each.tshark["vlan.id"], "packet \(each.number)")
    }
  }

  @Test func payloadsOfTCPBeginWhereTsharksHeadersEnd() {
    for each in Self.cases where each.headers.layers.contains(.tcp) {
      guard each.headers.malformation == .none else { continue }
      let length = each.headers[.payload] - each.headers[.transport]
      #expect(length == each.tshark["tcp.hdr_len"], "packet \(each.number)")
    }
  }

  /// For whole IP packets; behind a tunnel the padding may be the inner packet's.
  @Test func endsAreWhereTsharksPaddingBegins() {
    for each in Self.cases where !each.headers.layers.isDisjoint(with: .ip) {
      let isWhole = each.packet.bytes.count == each.packet.wireLength
      let isPlain = each.tshark.protocols.count { $0 == "eth" } == 1
      guard isWhole, isPlain, each.headers.malformation == .none else { continue }
      let behind = ["eth.padding", "eth.trailer", "eth.fcs"].map(each.tshark.byteCount).reduce(0, +)
      #expect(Int(each.headers.end) == each.packet.bytes.count - behind, "packet \(each.number)")
    }
  }

  @Test func nothingIsWrongWithWhatRealAdaptersSent() {
    for each in Self.cases where each.tshark.protocols.contains("infiniband") {
      #expect(each.headers.malformation == .none, "packet \(each.number)")
    }
  }

  /// Packets that we cannot judge, such as fragments, are left out.
  @Test func checksumsAreCorrectWhereTsharkFindsThemCorrect() {
    for each in Self.cases {
      for (field, state) in each.checksumStates where state != .unknown {
        guard let status = each.tshark[field] else { continue }
        #expect(TsharkReading.checksumState(status) == state, "packet \(each.number): \(field)")
      }
    }
  }

  @Test func manyChecksumsAreJudged() {
    let judged = Self.cases.flatMap(\.checksumStates).filter { $0.state != .unknown }
    #expect(judged.count > 30000)
  }
}

extension ParserOracleTests.Case {
  /// Our verdicts by the field that holds tshark's.
  var checksumStates: [(field: String, state: ChecksumState)] {
    packet.bytes.withUnsafeBytes { buffer in
      guard let bytes = buffer.baseAddress else { return [] }
      let transport = Checksum.transportState(of: bytes, headers)
      return [
        ("ip.checksum.status", Checksum.ipv4HeaderState(of: bytes, headers)),
        ("udp.checksum.status", headers.layers.contains(.udp) ? transport : .unknown),
        ("tcp.checksum.status", headers.layers.contains(.tcp) ? transport : .unknown),
        ("icmp.checksum.status", headers.layers.contains(.icmp) ? transport : .unknown),
        ("icmpv6.checksum.status", headers.layers.contains(.icmpv6) ? transport : .unknown),
      ]
    }
  }
}
