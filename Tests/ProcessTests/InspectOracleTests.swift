// SPDX-License-Identifier: BSD-3-Clause
import RunningSluice
import Testing

/// What `sluice inspect` prints, held against what tshark reads of the same captures.
@Suite(.enabled(if: Ability.has("tshark"), "tshark is not installed"))
struct InspectOracleTests {
  let bench = Workbench()

  static let inCheckout = ["incast", "rc_ops_v6", "rc_ops_vlan", "rc_write_ce"].map {
    "\(Place.package)/Pcaps/\($0).pcap"
  }
  static let shared = Folder.names(in: Place.captures + "/rxe")
    .filter { ["mixed_v4.pcap", "naks_v4.pcap", "rnr_few_v4.pcap"].contains($0) }
    .map { "\(Place.captures)/rxe/\($0)" }

  /// Field by field: ours, and tshark's.
  static let fields = [
    ("number", "frame.number"), ("time", "frame.time_relative"), ("packet.length", "frame.len"),
    ("ipv4.src", "ip.src"), ("ipv6.dst", "ipv6.dst"), ("ipv4.ttl", "ip.ttl"),
    ("vlan.id", "vlan.id"), ("udp.src", "udp.srcport"), ("tcp.dst", "tcp.dstport"),
    ("bth.dest_qp", "infiniband.bth.destqp"), ("bth.psn", "infiniband.bth.psn"),
    // Addresses are not compared: tshark calls those of atomic operations reth.va, too.
    ("reth.length", "infiniband.reth.dmalen"), ("aeth.msn", "infiniband.aeth.msn"),
  ]

  func tshark(_ path: String, _ fields: [String], filter: String = "frame") -> [String] {
    let list = fields.map { "-e \($0)" }.joined(separator: " ")
    let run = bench.shell("tshark -r '\(path)' -Y '\(filter)' -T fields \(list) 2>/dev/null")
    #expect(run.wait() == .status(0))
    return run.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  @Test(arguments: inCheckout + shared)
  func fieldsHaveTheValuesThatTsharkReads(path: String) {
    let names = Self.fields.map(\.0).joined(separator: ",")
    let run = bench.sluice("inspect \(path) --tsv --fields \(names)")
    #expect(run.wait() == .status(0), "\(run.errors)")
    let ours = run.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(ours.first == Self.fields.map(\.0).joined(separator: "\t"))
    let expected = tshark(path, Self.fields.map(\.1))
    #expect(ours.dropFirst().elementsEqual(expected))
  }

  /// tshark's numbers of opcodes, in the order of the specification.
  static let opcodes = [
    "SEND_FIRST", "SEND_MIDDLE", "SEND_LAST", "SEND_LAST_IMM", "SEND_ONLY", "SEND_ONLY_IMM",
    "WRITE_FIRST", "WRITE_MIDDLE", "WRITE_LAST", "WRITE_LAST_IMM", "WRITE_ONLY", "WRITE_ONLY_IMM",
    "READ_REQUEST", "READ_RESP_FIRST", "READ_RESP_MIDDLE", "READ_RESP_LAST", "READ_RESP_ONLY",
    "ACK", "ATOMIC_ACK", "CMP_SWAP", "FETCH_ADD", "RESYNC", "SEND_LAST_INV", "SEND_ONLY_INV",
  ]

  static func opcodeName(_ text: String) -> String {
    let transports = [0: "RC", 1: "UC", 3: "UD"]
    guard let number = Int(text), let transport = transports[number >> 5] else { return text }
    return "\(transport)_\(opcodes[number & 31])"
  }

  @Test(arguments: inCheckout + shared)
  func aSummaryCountsWhatTsharkCounts(path: String) throws {
    let run = bench.sluice("inspect --summary --json --top 1000 \(path)")
    #expect(run.wait() == .status(0), "\(run.errors)")
    let figures = try #require(run.figures)

    let frames = tshark(path, ["frame.len"]).compactMap { Int($0) }
    #expect(figures.number("packets") == frames.count)
    #expect(figures.number("bytes") == frames.reduce(0, +))
    let roce = tshark(
      path,
      [
        "infiniband.bth.opcode", "infiniband.bth.destqp", "ip.dst", "ipv6.dst", "ip.dsfield.ecn",
        "ipv6.tclass.ecn",
      ], filter: "infiniband"
    ).dropLast().map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(figures.number("rocePackets") == roce.count)
    let opcodes = Dictionary(grouping: roce) { Self.opcodeName($0[0]) }
    for (name, packets) in opcodes {
      #expect(figures.number("opcodes[\(name)].packets") == packets.count, "\(name)")
    }
    #expect(figures.number("queuePairs.count") == Set(roce.map { Array($0[1...3]) }).count)
    let ecn = Dictionary(grouping: roce) { $0[4] + $0[5] }
    for (codepoint, name) in ["0": "Not-ECT", "1": "ECT(1)", "2": "ECT(0)", "3": "CE"] {
      #expect(figures.number("ecn.\(name)") == ecn[codepoint]?.count ?? 0, "\(name)")
    }
    #expect(figures.number("icrc.bad") == 0)
    #expect(figures.number("icrc.good") == roce.count)
  }

  @Test(arguments: shared)
  func answersAreCountedAsByTshark(path: String) throws {
    let run = bench.sluice("inspect --summary --json \(path)")
    run.wait()
    let figures = try #require(run.figures)
    let syndromes = tshark(path, ["infiniband.aeth.syndrome"], filter: "infiniband.aeth")
      .compactMap { Int($0.drop { $0 == "0" || $0 == "x" }, radix: $0.hasPrefix("0x") ? 16 : 10) }
    let kinds = Dictionary(grouping: syndromes) { $0 >> 5 & 3 }
    #expect(figures.number("acks") == kinds[0]?.count ?? 0)
    #expect(figures.number("rnrNAKs") == kinds[1]?.count ?? 0)
    let naks = figures.values.filter { $0.key.hasPrefix("naks.") }.compactMap { Int($0.value) }
    #expect(naks.reduce(0, +) == kinds[3]?.count ?? 0)
  }
}
