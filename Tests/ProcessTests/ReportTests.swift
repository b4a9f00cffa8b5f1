// SPDX-License-Identifier: BSD-3-Clause
import Glibc
import RunningSluice
import Testing

/// What `sluice report` tells of captures.
@Suite("Reports of captures")
struct ReportTests {
  let bench = Workbench()

  @Test(
    arguments: [
      ("Pcaps/rc_ops_loss.pcap", 0), ("Pcaps/rc_ops_loss.pcap --fail-on-anomaly", 1),
      ("Pcaps/rc_ops_v6.pcap --fail-on-anomaly", 0), ("none.pcap", 1), ("send.yaml", 1), ("", 2),
      ("Pcaps/rc_ops_v6.pcap --sqlite -", 2), ("Pcaps/rc_ops_v6.pcap --rate 5", 2),
      ("Pcaps/rc_ops_v6.pcap --html none/page.html", 1),
      ("Pcaps/rc_ops_v6.pcap --sqlite none/all.db", 1), ("- -", 2),
    ] as [(String, Int32)])
  func exitStatusSaysWhatWentWrong(line: String, status: Int32) {
    let run = bench.sluice("report \(line)")
    #expect(run.wait() == .status(status), "\(run.errors)")
    #expect(!run.errors.isEmpty || status == 0 || line.hasSuffix("anomaly"))
  }

  @Test(arguments: ["html", "sqlite"])
  func aCaptureIsNotWrittenOver(option: String) {
    bench.shell("cp Pcaps/incast.pcap own.pcap").wait()
    let run = bench.sluice("report own.pcap --\(option) own.pcap")
    #expect(run.wait() == .status(2))
    #expect(run.errors.contains("own.pcap is read by the report and written by --\(option)"))
    #expect(bench.shell("cmp own.pcap Pcaps/incast.pcap").wait() == .status(0))
  }

  @Test func theVerdictComesFirst() {
    let run = bench.sluice("report Pcaps/rc_ops_v6.pcap")
    #expect(run.wait() == .status(0))
    #expect(run.output.hasPrefix("healthy: no anomaly in "))
    #expect(run.errors == "")
  }

  @Test func linesHaveAHundredColumnsAtMost() {
    for name in ["incast", "rc_ops_loss", "rc_ops_vlan", "rc_write_ce", "storage"] {
      let run = bench.sluice("report Pcaps/\(name).pcap")
      #expect(run.wait() == .status(0), "\(run.errors)")
      let wide = run.output.split(separator: "\n").filter { $0.count > 100 }
      #expect(wide == [], "\(name)")
    }
  }

  @Test func aCutCaptureIsReportedAsFarAsItGoes() {
    bench.shell("head -c 100000 Pcaps/rc_ops_loss.pcap > cut.pcap").wait()
    let run = bench.sluice("report cut.pcap --json")
    #expect(run.wait() == .status(1))
    #expect(run.errors.contains("cut.pcap"))
    #expect((run.figures?.number("telemetry.totals.packets") ?? 0) > 50)
    #expect(run.figures?["succeeded"] == "0")
  }

  @Test func severalCapturesAreOneReport() {
    let one = bench.sluice("report Pcaps/rc_ops_v6.pcap --json")
    let both = bench.shell(
      "$sluice report Pcaps/rc_ops_v6.pcap - --json < Pcaps/rc_ops_vlan.pcap")
    #expect(one.wait() == .status(0))
    #expect(both.wait() == .status(0), "\(both.errors)")
    #expect(one.figures?.number("telemetry.totals.packets") == 275)
    #expect(both.figures?.number("telemetry.totals.packets") == 550)
    #expect(both.figures?.number("telemetry.queuePairCount") == 4)
  }

  @Test func aSignalEndsItWithAReportOfWhatWasRead() throws {
    mkfifo(bench.folder.place("pipe"), 0o600)
    let writer = open(bench.folder.place("pipe"), O_RDWR)
    defer { close(writer) }
    let run = bench.sluice("report pipe --json")
    let bytes = Folder.bytes(of: bench.folder.place("Pcaps/rc_ops_v6.pcap"))
    #expect(write(writer, bytes, min(bytes.count, 60000)) > 0)
    #expect(Run.until { Self.unread(writer) == 0 || !run.isRunning })
    run.send(SIGINT)
    #expect(run.wait() == .status(0), "\(run.errors)")
    #expect(run.figures?["interrupted"] == "1")
    #expect((run.figures?.number("packets") ?? 0) > 0)
  }

  /// Bytes in a pipe that nobody has read.
  private static func unread(_ pipe: Int32) -> Int32 {
    var count: Int32 = 0
    return ioctl(pipe, UInt(FIONREAD), &count) == 0 ? count : 0
  }

  @Test func whatIsKeptOverTimeAddsUpToTheTotals() throws {
    let run = bench.sluice("report Pcaps/rc_ops_loss.pcap Pcaps/rc_write_ce.pcap --json")
    #expect(run.wait() == .status(0))
    let figures = try #require(run.figures)
    func total(_ names: String...) -> Int {
      names.reduce(0) { $0 + figures.number("telemetry.totals.\($1)") }
    }
    func sum(_ name: String) -> Int {
      figures.values.filter { $0.key.hasPrefix("series.points") && $0.key.hasSuffix(".\(name)") }
        .reduce(0) { $0 + (Int($1.value) ?? 0) }
    }
    #expect(sum("packets") == total("packets"))
    #expect(sum("bytes") == total("bytes"))
    #expect(sum("ceMarked") == total("np_ecn_marked_roce_packets"))
    #expect(sum("notifications") == total("cc_rx_cnp_pkts"))
    #expect(sum("missing") == total("wire_missing_packets", "wire_missing_responses"))
    let again = total(
      "wire_retransmitted_packets", "wire_duplicate_packets", "wire_recovered_packets",
      "wire_repeated_responses")
    #expect(sum("sentAgain") == again)
    #expect(again > 0 && sum("ceMarked") > 0 && sum("missing") > 0)
  }

  @Test func aSmallMemoryIsSaidToHaveBeenTooSmall() {
    // 3000 queue pairs that send a packet each.
    let make = """
      import random, struct
      f = open('many.pcap', 'wb')
      f.write(struct.pack('<IHHIIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
      for n in range(3000):
        bth = struct.pack('>BBHII', 4, 0x40, 0xffff, 16 + n, n) + bytes(4)
        udp = struct.pack('>HHHH', 0xc000, 4791, 8 + len(bth), 0)
        ip = struct.pack('>BBHHHBBH', 0x45, 2, 28 + len(bth), 0, 0x4000, 64, 17, 0)
        ip += bytes([10, 0, 0, 1, 10, 0, 0, 2])
        packet = bytes(12) + bytes([8, 0]) + ip + udp + bth
        f.write(struct.pack('<IIII', 1, n, len(packet), len(packet)) + packet)
      """
    bench.folder.write(make, to: "make.py")
    bench.shell("python3 make.py").wait()

    let small = bench.sluice("report many.pcap --memory 1MB")
    let large = bench.sluice("report many.pcap")

    #expect(small.wait() == .status(0) && large.wait() == .status(0))
    #expect(small.output.contains("queue pairs had to make room for others"))
    #expect(!large.output.contains("had to make room"))
    #expect(large.output.contains("3,000 queue pairs"))
  }
}
