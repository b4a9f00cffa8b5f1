// SPDX-License-Identifier: BSD-3-Clause
import Testing

@testable import Wire

/// Our reading of RoCE and InfiniBand in every shared capture, held against tshark's.
@Suite(.enabled(if: SharedCaptures.areReadable, "needs the shared captures and Wireshark's tools"))
struct RDMAOracleTests {
  /// What tshark calls our fields.
  private static let names = [
    "bth.opcode": "bth.opcode", "bth.se": "bth.se", "bth.migreq": "bth.m",
    "bth.pad": "bth.padcnt", "bth.version": "bth.tver", "bth.pkey": "bth.p_key",
    "bth.dest_qp": "bth.destqp", "bth.ackreq": "bth.a", "bth.psn": "bth.psn",
    "reth.va": "reth.va", "reth.rkey": "reth.r_key", "reth.length": "reth.dmalen",
    "atomiceth.swap": "atomiceth.swapdt", "atomiceth.compare": "atomiceth.cmpdt",
    "aeth.syndrome": "aeth.syndrome", "aeth.kind": "aeth.syndrome.opcode",
    "aeth.credits": "aeth.syndrome.credit_count", "aeth.rnr_timer": "aeth.syndrome.timer",
    "aeth.nak_code": "aeth.syndrome.error_code", "aeth.msn": "aeth.msn",
    "atomicacketh.data": "atomicacketh.origremdt", "immdt.data": "immdt", "ieth.rkey": "ieth",
    "deth.qkey": "deth.q_key", "deth.src_qp": "deth.srcqp",
    "grh.version": "grh.ipver", "grh.flow_label": "grh.flowlabel", "grh.length": "grh.paylen",
    "grh.next_header": "grh.nxthdr", "grh.hop_limit": "grh.hoplmt", "grh.sgid": "grh.sgid",
    "grh.dgid": "grh.dgid", "lrh.vl": "lrh.vl", "lrh.version": "lrh.lver", "lrh.sl": "lrh.sl",
    "lrh.lnh": "lrh.lnh", "lrh.dlid": "lrh.dlid", "lrh.length": "lrh.pktlen",
    "lrh.slid": "lrh.slid", "cm.status": "mad.status", "cm.transaction": "mad.transactionid",
    "cm.message": "mad.attributeid", "cm_req.service_id": "cm.req.serviceid",
    "cm_req.ca_guid": "cm.req.localcaguid", "cm_req.qkey": "cm.req.localqkey",
    "cm_req.local_qp": "cm.req.localqpn", "cm_req.transport": "cm.req.transpsvctype",
    "cm_req.starting_psn": "cm.req.startpsn", "cm_req.retry_count": "cm.req.retrcount",
    "cm_req.pkey": "cm.req.pkey", "cm_req.path_mtu": "cm.req.pppmtu",
    "cm_req.rnr_retry_count": "cm.req.rnrretrcount", "cm_req.sgid": "cm.req.prim_localgid",
    "cm_req.dgid": "cm.req.prim_remotegid", "cm_rep.remote_id": "cm.rep.remotecommid",
    "cm_rep.qkey": "cm.rep.localqkey", "cm_rep.local_qp": "cm.rep.localqpn",
    "cm_rep.starting_psn": "cm.rep.startpsn", "cm_rep.rnr_retry_count": "cm.rep.rnrretrcount",
    "cm_rep.ca_guid": "cm.rep.localcaguid", "cm_rej.remote_id": "cm.rej.remotecommid",
    "cm_rej.reason": "cm.rej.reason", "cm_dreq.remote_id": "cm.dreq.remotecommid",
    "cm_dreq.remote_qp": "cm.req.remoteqpneecn",
  ]
  /// Fields that none of the captures has more than a few times.
  private static let rare: Set = [
    "ieth.rkey", "grh.version", "grh.flow_label", "grh.length", "grh.next_header",
    "grh.hop_limit", "grh.sgid", "grh.dgid",
    // Those of IPv4 addresses have other names in tshark.
    "cm_req.sgid", "cm_req.dgid",
  ]

  private static let packets = ParserOracleTests.cases.map(\.packet).filter {
    $0.parsed().layers.contains(.bth)
  }

  /// The records of the one capture of native InfiniBand, behind their 16 bytes of ERF.
  private static let native = "/public/realjimmy-wireshark-infiniband.pcap"

  @Test func everyValueOfEveryCaptureIsTsharks() throws {
    let fields = try Self.names.map { try (#require(FieldTable.field(named: $0.key)), $0.value) }
    let ethernet = Self.packets.filter { $0.link == .ethernet }
    // 37 packets come from the port of TFTP, which tshark would believe.
    let words = fields.map { "infiniband.\($0.1)" }
    var readings = zip(
      ethernet, FieldTshark.read(ethernet, words, more: "-d udp.port==69,infiniband ")
    ).map { ($0, $1) }
    try #require(readings.count == ethernet.count && readings.count > 20_000)
    readings += Self.nativeReadings(words)

    var compared: [String: Int] = [:]
    for (packet, line) in readings {
      let source = FieldPackets([packet])
      for (column, field) in fields.map(\.0).enumerated() where !line[column].isEmpty {
        guard let field = Self.ours(field, source) else { continue }
        let value = field.value(in: source)
        let isEqual = value == (try? field.parse(Self.text(line[column], field)))
        #expect(isEqual, "\(field.name) is not \(line[column])")
        compared[field.name, default: 0] += 1
      }
    }
    for field in fields.map(\.0) where !Self.rare.contains(field.name) {
      #expect(compared[field.name, default: 0] > 10, "\(field.name) was hardly compared")
    }
    for name in Self.rare { #expect(compared[name, default: 0] > 0, "\(name) was not compared") }
  }

  /// The field that tshark means by the name of `field`; nil where we read none on purpose.
  private static func ours(_ field: Field, _ source: FieldPackets) -> Field? {
    let layers = source.headers(0).pointee.layers
    // The address and key of an atomic operation have the names of RETH's.
    if layers.contains(.atomicETH), field.name.hasPrefix("reth.") {
      return FieldTable.field(named: "atomiceth" + field.name.dropFirst(4))
    }
    // Other management datagrams than those of the communication manager are not read.
    return field.name.hasPrefix("cm.") && !layers.contains(.cm) ? nil : field
  }

  /// Immediate data and keys are bytes to tshark, without a sign that they are hexadecimal.
  private static func text(_ text: Substring, _ field: Field) -> String {
    ["immdt.data", "ieth.rkey"].contains(field.name) && !text.hasPrefix("0x")
      ? "0x\(text)" : "\(text)"
  }

  private static func nativeReadings(_ words: [String]) -> [(CapturedPacket, [Substring])] {
    let packets = PcapFile.packets(in: native).map { record in
      let bytes = Array(record.dropFirst(16))
      return CapturedPacket(bytes: bytes, wireLength: bytes.count, link: .infiniband)
    }
    let lines = SharedCaptures.lines(
      of: "tshark -n -r '\(SharedCaptures.folder)\(native)' -T fields -E occurrence=f "
        + words.map { "-e \($0) " }.joined())
    return zip(packets, lines).map {
      ($0, $1.split(separator: "\t", omittingEmptySubsequences: false))
    }
  }
}
