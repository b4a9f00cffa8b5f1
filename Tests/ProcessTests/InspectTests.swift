// SPDX-License-Identifier: BSD-3-Clause
import Foundation
import RunningSluice
import Testing

/// What `sluice inspect` prints, of captures that are in the checkout.
struct InspectTests {
  let bench = Workbench()

  init() {
    let whole = CaptureFile(path: Place.package + "/Pcaps/rc_write_ce.pcap")
    bench.folder.write(whole.cut(to: 80), to: "cut.pcap")
  }

  func lines(_ line: String) -> [String] {
    let run = bench.shell("$sluice inspect \(line)")
    #expect(run.wait() == .status(0), "\(run.errors)")
    #expect(run.errors.isEmpty, "\(run.errors)")
    return run.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// The files are what the command printed when somebody had compared it with tshark.
  static let golden = [
    (
      "Pcaps/rc_ops_v6.pcap --packets 48 "
        + "--filter 'reth or atomiceth or atomicacketh or immdt or ieth'",
      "rc_ops_v6.txt"
    ),
    ("Pcaps/incast.pcap --summary", "incast.summary.txt"),
  ]

  @Test(arguments: golden)
  func outputIsAsInTheFile(line: String, file: String) {
    let text = Folder.text(of: "\(Place.package)/Tests/ProcessTests/Inspection/\(file)")
    #expect(lines(line).joined(separator: "\n") == text)
  }

  @Test func detailsAreGroupedByHeader() {
    let lines = lines("Pcaps/rc_write_ce.pcap -v --filter 'bth.psn == 13441138 and aeth'")
    #expect(lines.first?.contains("RC_ACK  qp 0x0000d1  psn 13441138") == true)
    for (head, field) in [
      ("  eth", "    type  IPv4"), ("  ipv4", "    src              10.77.0.2"),
      ("  bth", "    opcode     RC_ACK"), ("  aeth", "    credits   unlimited"),
    ] {
      let place = lines.firstIndex(of: head) ?? lines.count
      #expect(lines[place...].contains(field), "\(head) \(field)")
    }
  }

  @Test func fieldsComeInColumnsUnderTheirNames() {
    let lines = lines(
      "Pcaps/rc_write_ce.pcap -c 2 --filter roce --fields number,bth.psn,reth.length,roce.icrc")
    #expect(
      lines == [
        "number  bth.psn   reth.length  roce.icrc", "22      13441134  5000         good",
        "23      13441135  -            good", "",
      ])
  }

  @Test func eachPacketIsAnObjectOfJSON() throws {
    let objects = try lines("Pcaps/rc_ops_vlan.pcap --json").dropLast().map { line in
      try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    #expect(objects.count == 293)
    #expect(objects.map { $0["number"] as? Int } == (1...293).map { $0 })
    let write = try #require(objects.first { $0["reth.length"] as? Int == 9000 })
    #expect(write["bth.opcode"] as? String == "RC_WRITE_FIRST")
    #expect(write["reth.va"] as? String == "0x00007faccfbee000")
    #expect(write["bth.ackreq"] as? Bool == false)
    #expect(write["roce.icrc"] as? String == "good")
    #expect(write["layers"] as? [String] == ["eth", "vlan", "ipv4", "udp", "roce", "reth"])
    #expect(write["tcp.src"] == nil)
  }

  @Test func timesAreRelativeAbsoluteOrFromThePacketBefore() {
    func times(_ style: String) -> [String] {
      lines("Pcaps/rc_write_ce.pcap -c 3 --tsv --fields time --time \(style)").dropLast().map { $0 }
    }
    #expect(times("relative") == ["time", "0.000000000", "0.000765000", "0.001947000"])
    #expect(times("delta") == ["time", "0.000000000", "0.000765000", "0.001182000"])
    #expect(times("absolute")[1] == "2026-11-20T18:41:14.775848000Z")
  }

  @Test func packetsThatAreCutShowBothLengthsAndNoVerdictOfICRC() {
    let lines = lines("cut.pcap --filter reth -c 1 2>&1")
    #expect(lines[0].contains("  80 of 1098  RC_WRITE_FIRST"), "\(lines[0])")
    #expect(lines[0].contains("icrc unverifiable"), "\(lines[0])")
  }

  @Test(arguments: [
    ("--filter 'udp and ip.dcsp == 3'", "        ^~~~~~~\n  fix: did you mean 'ip.dscp'?"),
    ("--filter 'ip.ttl >'", "^"), ("--filter ''", "a condition over packet fields"),
    ("--fields ip.srcc", "did you mean 'ip.src'?"), ("--fields roce", "is no field"),
    ("--json --tsv", "one of --json, --tsv and --verbose"), ("--summary -v", "--summary is text"),
    ("-v --fields number", "--verbose shows all fields"), ("- -", "can be read once only"),
    ("--icrc some", "expected all, none, auto or a number"), ("--time noon", "relative"),
    ("--packets 0", "--packets 0"),
    ("--roce-ports 1,2,3,4,5", "--roce-ports: 'roce-ports' has 5 ports"),
    ("--roce-ports 70000", "from 1 to 65535"), ("--reliable-datagram dcx", "did you mean 'dc'?"),
    ("-x", "unknown option '-x'"),
  ])
  func mistakesAreToldAndTheStatusIsTwo(arguments: String, message: String) {
    let run = bench.shell("$sluice inspect Pcaps/incast.pcap \(arguments)")
    #expect(run.wait() == .status(2))
    #expect(run.errors.contains(message), "\(run.errors)")
    #expect(run.output.isEmpty)
  }

  @Test func optionsOfTheParserReachIt() {
    // No port but 4791 is RoCE's unless it is named.
    #expect(lines("Pcaps/incast.pcap --filter roce --roce-ports 4700 --tsv").count == 2)
    #expect(lines("Pcaps/incast.pcap --filter roce --roce-ports 4700,4791 --tsv").count == 602)
  }
}

extension CaptureFile {
  /// A pcap file with so many bytes of each packet.
  fileprivate func cut(to length: Int) -> [UInt8] {
    func little(_ number: Int) -> [UInt8] { (0..<4).map { UInt8(number >> (8 * $0) & 0xff) } }
    let header: [Int] = [0xa1b2_3c4d, 0x0004_0002, 0, 0, length, 1]
    return header.flatMap(little)
      + packets.flatMap { packet in
        [
          Int(packet.nanoseconds / 1_000_000_000), Int(packet.nanoseconds % 1_000_000_000),
          min(length, packet.bytes.count), packet.originalLength,
        ].flatMap(little) + packet.bytes.prefix(length)
      }
  }
}
