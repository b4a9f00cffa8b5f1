// SPDX-License-Identifier: BSD-3-Clause
import RunningSluice
import Testing

/// Inputs that are broken and outputs that have no room.
struct DamageTests {
  let bench = Workbench()

  static let canMount: Bool = {
    let probe = Run(["unshare", "-m", "true"], in: TemporaryFolder())
    return Ability.isRoot && Ability.has("unshare") && probe.wait() == .status(0)
  }()

  @Test func aCutCaptureGivesEveryPacketBeforeTheCut() {
    let whole = Folder.bytes(of: bench.folder.place("Inputs/mixed.pcap"))
    bench.folder.write(Array(whole.prefix(700)), to: "cut.pcap")
    let run = bench.sluice("replay send.yaml --in wire=cut.pcap --out host=out.pcapng")
    #expect(run.wait() == .status(1))
    #expect(run.errors.contains("cut.pcap: truncated dump file"))
    #expect(run.errors.contains("(at byte 681); 9 packets before it were read"))
    #expect(bench.packets("out.pcapng").count == 9)
  }

  @Test func aReplayIntoAFullDeviceSaysSo() {
    let run = bench.sluice(
      "replay send.yaml --in wire=Inputs/mixed.pcap --out host=/dev/full --json")
    #expect(run.wait() == .status(1))
    #expect(run.errors.contains("/dev/full: cannot write it: No space left on device"))
    #expect(run.figures?.number("pool.missing") == 0)
  }

  @Test(.enabled(if: canMount, "only root can make a small file system"))
  func aReplayIntoAFullDiskPresentsNoFileAsWhole() {
    let run = bench.shell(
      onSmallDisk("$sluice replay send.yaml --in wire=Pcaps/incast.pcap --out host=disk/out.pcapng")
    )
    #expect(run.wait() == .status(0))
    #expect(run.errors.contains("disk/out.pcapng: cannot write it: No space left on device"))
    #expect(run.output.hasSuffix("status 1\nout.pcapng.partial\n"))
  }

  @Test(.enabled(if: canMount, "only root can make a small file system"))
  func aLiveRunForwardsOnWhenItsCaptureHasNoRoom() {
    bench.write(
      "capture.yaml", wire: "null:size=512", host: "null:", "capture: disk/out.pcap")
    let run = bench.shell(
      onSmallDisk("$sluice run capture.yaml --packets 3000000 --json > report.json"))
    #expect(run.wait() == .status(0))
    #expect(run.errors.contains("disk/out.pcap: cannot write it: No space left on device"))
    #expect(run.output.hasSuffix("status 1\nout.pcap.partial\n"))
    let report = ReportFigures(Folder.text(of: bench.folder.place("report.json")))
    #expect(report?.number("totals.sentPackets") ?? 0 >= 3_000_000)
    #expect(report?["totals.sentPackets"] == report?["totals.receivedPackets"])
  }

  @Test(.enabled(if: canMount, "only root can make a small file system"))
  func aLiveRunSaysThatItsPortsFileHasNoRoom() throws {
    bench.write(
      "full.yaml", wire: "pcap:in=Pcaps/incast.pcap,infinite", host: "pcap:out=disk/out.pcap")
    let run = bench.shell(
      onSmallDisk("$sluice run full.yaml --packets 300000 --json > report.json"))
    #expect(run.wait() == .status(0))
    #expect(run.errors.contains("disk/out.pcap: cannot write it: No space left on device"))
    #expect(run.output.hasSuffix("status 1\nout.pcap.partial\n"))
    let report = try #require(ReportFigures(Folder.text(of: bench.folder.place("report.json"))))
    let capture = CaptureFile(path: bench.folder.place("out.pcap.partial"))
    #expect(capture.damage == nil)
    #expect(capture.packets.count > 100)
    #expect(report.number("ports[host].sentPackets") == capture.packets.count)
    let dropped = report.number("drops[output-full].packets")
    #expect(dropped == report.number("totals.receivedPackets") - capture.packets.count)
  }

  @Test func aLivePortsFileHasItsNameOnlyOnceItIsWhole() {
    bench.write("out.yaml", wire: "pcap:in=Pcaps/incast.pcap,infinite", host: "pcap:out=out.pcap")
    let run = bench.live("out.yaml --json")
    #expect(bench.folder.names.filter { $0.hasPrefix("out.pcap") } == ["out.pcap.partial"])
    run.send(15)
    #expect(run.wait() == .status(0), "\(run.errors)")
    #expect(bench.folder.names.filter { $0.hasPrefix("out.pcap") } == ["out.pcap"])
    #expect(bench.packets("out.pcap").count == run.figures?.number("totals.sentPackets"))
  }

  /// A capture of the user's own is never written over, whoever would, and nothing is begun.
  @Test(
    arguments: [
      ("run port.yaml", "mine.pcap is both read and written by port 'wire'"),
      ("check port.yaml", "mine.pcap is both read and written by port 'wire'"),
      ("run two.yaml", "same.pcap is written by port 'a' and, as ./same.pcap, written by port 'b'"),
      ("check two.yaml", "same.pcap is written by port 'a' and, as ./same.pcap, written"),
      ("run stage.yaml", "mine.pcap is read by port 'wire' and, as ./mine.pcap, written by stage"),
      ("check stages.yaml", "as ./x.pcap, written by stage 'ingress/capture-2'"),
      ("run workers.yaml", "x.1.pcap is written by"),
      ("replay send.yaml --in wire=mine.pcap --out host=./mine.pcap", "as ./mine.pcap, written by"),
      ("replay send.yaml --in wire=link.pcap --out host=mine.pcap", "as mine.pcap, written by"),
      ("replay send.yaml --in wire=x.pcap.partial --out host=x.pcap", "x.pcap.partial is read by"),
      ("replay stages.yaml --in wire=mine.pcap --drops x.pcap", "written by --drops"),
    ])
  func noCaptureIsDestroyed(line: String, message: String) {
    let mine = Folder.bytes(of: bench.folder.place("Inputs/mixed.pcap"))
    bench.folder.write(mine, to: "mine.pcap")
    bench.folder.write(mine, to: "x.pcap.partial")
    bench.folder.link("link.pcap", to: "mine.pcap")
    bench.write("port.yaml", wire: "pcap:in=mine.pcap,out=mine.pcap", host: "null:", "mirror: wire")
    bench.write("stage.yaml", wire: "pcap:in=mine.pcap", host: "null:", "capture: ./mine.pcap")
    bench.write(
      "stages.yaml", wire: "null:", host: "null:", "capture: x.pcap", "capture: ./x.pcap")
    bench.write(
      "workers.yaml", wire: "null:", host: "pcap:out=x.1.pcap", "capture: x.pcap",
      top: "workers: 2\ncores: [0, 0]")
    bench.folder.write(
      """
      sluice: 1
      ports: {wire: "null:", a: "pcap:out=same.pcap", b: "pcap:out=./same.pcap"}
      pipelines: {ingress: {input: wire, stages: [{mirror: a}, {send: b}]}}
      """, to: "two.yaml")
    let before = bench.folder.names.filter { !$0.hasPrefix(".") }

    let run = bench.sluice(line)

    #expect(run.wait() == .status(2), "\(run.output)\(run.errors)")
    #expect(run.errors.contains(message), "\(run.errors)")
    #expect(Folder.bytes(of: bench.folder.place("mine.pcap")) == mine)
    #expect(Folder.bytes(of: bench.folder.place("x.pcap.partial")) == mine)
    #expect(bench.folder.names.filter { !$0.hasPrefix(".") } == before)
  }

  /// In a mount namespace of its own, so that nothing stays mounted.
  private func onSmallDisk(_ command: String) -> String {
    "mkdir disk; export sluice; unshare -m sh -c 'mount -t tmpfs -o size=200k none disk; "
      + "\(command); echo status $?; ls disk; cp disk/* .'"
  }
}
