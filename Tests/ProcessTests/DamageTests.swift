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

  /// In a mount namespace of its own, so that nothing stays mounted.
  private func onSmallDisk(_ command: String) -> String {
    "mkdir disk; export sluice; unshare -m sh -c 'mount -t tmpfs -o size=200k none disk; "
      + "\(command); echo status $?; ls disk'"
  }
}
