// SPDX-License-Identifier: BSD-3-Clause
import Glibc
import RunningSluice
import Testing

/// Captures through pipes, and two runs at a time.
struct StreamTests {
  let bench = Workbench()

  var mixed: [[UInt8]] { bench.packets("Inputs/mixed.pcap").map(\.bytes) }

  @Test(arguments: ["", "--json"])
  func capturesGoThroughPipesWithTheReportBeside(option: String) {
    let run = bench.shell(
      "cat Inputs/mixed.pcap | $sluice replay send.yaml --in wire=- --out host=- \(option) > out")
    #expect(run.wait() == .status(0), "\(run.errors)")
    let capture = CaptureFile(path: bench.folder.place("out"))
    #expect(capture.damage == nil)
    #expect(capture.packets.map(\.bytes) == mixed)
    #expect(run.errors.contains(option.isEmpty ? "26 received = 26 sent" : "\"sentPackets\": 26"))
  }

  @Test func oneReplayFeedsAnother() {
    let run = bench.shell(
      "$sluice replay send.yaml --in wire=Inputs/mixed.pcap --out host=- 2> first.txt"
        + " | $sluice replay send.yaml --in wire=- --out host=out.pcapng")
    #expect(run.wait() == .status(0), "\(run.errors)")
    #expect(bench.packets("out.pcapng").map(\.bytes) == mixed)
  }

  @Test func aReaderOfTheCaptureThatGoesAwayFailsTheReplay() {
    let run = bench.shell(
      "{ $sluice replay send.yaml --in wire=Pcaps/incast.pcap --out host=-; echo $? > status; }"
        + " | head -c 100 > /dev/null")
    #expect(run.wait() == .status(0))
    #expect(run.errors.contains("Broken pipe"))
    #expect(Folder.text(of: bench.folder.place("status")) == "1\n")
  }

  @Test func twoLiveRunsSideBySideDoNotMeet() {
    bench.write("one.yaml", wire: "null:", host: "ring:cable")
    let runs = [bench.live("one.yaml --json"), bench.live("one.yaml --json")]
    #expect(runs.allSatisfy { $0.isRunning })
    for run in runs {
      run.send(SIGTERM)
      #expect(run.wait() == .status(0), "\(run.errors)")
      #expect(run.faults == [])
    }
  }
}
