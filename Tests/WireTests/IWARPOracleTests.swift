// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Wire

/// Our reading of iWARP in the shared captures, held against tshark's, which knows the connections.
@Suite(.enabled(if: SharedCaptures.areReadable, "needs the shared captures and Wireshark's tools"))
struct IWARPOracleTests {
  /// What tshark calls our fields.
  private static let names = [
    "mpa.length": "iwarp_mpa.ulpdulength", "mpa.markers": "iwarp_mpa.marker_flag",
    "mpa.crc": "iwarp_mpa.crc_flag", "mpa.reject": "iwarp_mpa.rej_flag",
    "mpa.revision": "iwarp_mpa.rev", "mpa.private_data": "iwarp_mpa.pdlength",
    "ddp.tagged": "iwarp_ddp.tagged_flag", "ddp.last": "iwarp_ddp.last_flag",
    "ddp.version": "iwarp_ddp.dv", "ddp.stag": "iwarp_ddp.stag",
    "ddp.offset": "iwarp_ddp.tagged_offset", "ddp.queue": "iwarp_ddp.qn",
    "ddp.msn": "iwarp_ddp.msn", "ddp.message_offset": "iwarp_ddp.mo",
    "rdmap.version": "iwarp_rdma.version", "rdmap.opcode": "iwarp_rdma.opcode",
    "rdmap.read.sink_stag": "iwarp_rdma.sinkstag", "rdmap.read.sink_offset": "iwarp_rdma.sinkto",
    "rdmap.read.size": "iwarp_rdma.rdmardsz", "rdmap.read.source_stag": "iwarp_rdma.srcstag",
    "rdmap.read.source_offset": "iwarp_rdma.srcto",
  ]

  private static let fields = names.compactMap { name, theirs in
    FieldTable.field(named: name).map { (ours: $0, theirs: theirs) }
  }

  /// A packet of the five captures, and what tshark read in it, by its names.
  struct Case {
    let packet: CapturedPacket
    let headers: Headers
    let tshark: [String: Substring]

    var hasMarkers: Bool { tshark["tcp.port"] == "58496" || tshark["tcp.dstport"] == "58496" }
  }

  private static let cases: [Case] = {
    let packets = ParserOracleTests.cases.filter { $0.tshark.protocols.contains("tcp") }
      .map(\.packet).filter { isIWARP($0) }
    let theirs =
      fields.map(\.theirs) + ["iwarp_mpa.crc", "iwarp_mpa.crc_check", "tcp.dstport", "tcp.port"]
    return zip(packets, FieldTshark.read(packets, theirs)).map { packet, line in
      Case(
        packet: packet, headers: packet.parsed(by: rulesWithIWARP),
        tshark: Dictionary(uniqueKeysWithValues: zip(theirs, line)).filter { !$0.value.isEmpty })
    }
  }()

  private static func isIWARP(_ packet: CapturedPacket) -> Bool {
    let source = FieldPackets([packet])
    return ["tcp.src", "tcp.dst"].contains { name in
      let field = FieldTable.field(named: name)
      return field?.value(in: source) == .number(UInt64(IWARPSamples.port))
    }
  }

  @Test func theCapturesAreAllThere() {
    #expect(Self.cases.count > 110)
    #expect(Self.cases.count { !$0.headers.layers.isDisjoint(with: .ddp) } > 60)
    #expect(Self.cases.count { $0.headers.layers.contains(.mpaStart) } == 10)
  }

  /// One connection's sender puts its markers 4 bytes late and their pointers in the other byte
  /// order, so that tshark, which goes by the sequence numbers, loses its way: there we find more.
  @Test func framesAreThoseOfTshark() {
    for (index, each) in Self.cases.enumerated() {
      let isFrame = !each.headers.layers.isDisjoint(with: .ddp)
      let isTheirs = each.tshark["iwarp_ddp.dv"] != nil
      #expect(isFrame == isTheirs || (isFrame && each.hasMarkers), "packet \(index)")
      let isStart = each.headers.layers.contains(.mpaStart)
      #expect(isStart == (each.tshark["iwarp_mpa.rev"] != nil), "packet \(index)")
      #expect(each.headers.malformation == .none, "packet \(index)")
    }
  }

  @Test func fieldsHaveTsharksValues() {
    var compared: [String: Int] = [:]
    for (index, each) in Self.cases.enumerated() where isComparable(each) {
      let source = FieldPackets([each.packet], by: rulesWithIWARP)
      for (ours, theirs) in Self.fields {
        let value = ours.value(in: source)
        let expected = each.tshark[theirs].flatMap { try? ours.parse($0) }
        #expect(value == expected, "packet \(index): \(ours.name)")
        if value != nil { compared[ours.name, default: 0] += 1 }
      }
    }
    for (ours, _) in Self.fields {
      #expect(compared[ours.name, default: 0] > 0, "\(ours.name) was not compared")
    }
  }

  /// Where tshark lost its way it shows lengths of 0, from the midst of a payload.
  private func isComparable(_ each: Case) -> Bool {
    !each.hasMarkers || each.tshark["iwarp_ddp.dv"] != nil || each.tshark["iwarp_mpa.rev"] != nil
  }

  @Test func checksAreCorrectWhereTsharkFindsThemCorrect() {
    var correct = 0
    for (index, each) in Self.cases.enumerated() {
      let state = each.packet.bytes.withUnsafeBytes { buffer in
        buffer.baseAddress.map { MPA.checkState(of: $0, each.headers) } ?? .unknown
      }
      if each.tshark["iwarp_mpa.crc_check"] != nil {
        #expect(state == .correct, "packet \(index)")
        correct += 1
      } else if each.tshark["iwarp_mpa.crc"] != nil, !each.hasMarkers {
        #expect(state == .absent, "packet \(index)")
      }
      #expect(state != .wrong, "packet \(index)")
    }
    #expect(correct > 3)
  }

  /// On no port, among all shared captures.
  @Test func detectionFindsTheSameAndNothingElse() {
    var options = ParserOptions()
    options.iwarp = .detect
    let parser = Parser(options)
    for each in ParserOracleTests.cases {
      let detected = each.packet.parsed(by: parser.rules)
      #expect(detected.malformation == each.headers.malformation, "packet \(each.number)")
      guard Self.isIWARP(each.packet) else {
        #expect(detected.layers == each.headers.layers, "packet \(each.number)")
        continue
      }
      let expected = each.packet.parsed(by: rulesWithIWARP)
      #expect(detected.layers == expected.layers, "packet \(each.number)")
    }
  }
}
