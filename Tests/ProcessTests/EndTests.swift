// SPDX-License-Identifier: BSD-3-Clause
import Glibc
import RunningSluice
import Testing

/// How runs end, and what they leave behind.
struct EndTests {
  let bench = Workbench()

  /// A run that was killed long ago may have had the same process number.
  private let before = Set(Self.paths)

  /// Where DPDK or Sluice could leave something outside of the folder that a run works in.
  private static var paths: [String] {
    ["/var/run/dpdk", "/run/dpdk", "/dev/hugepages", "/dev/shm", "/tmp"].flatMap { folder in
      Folder.names(in: folder).map { "\(folder)/\($0)" }
    }
  }

  private func leftovers(of run: Run) -> [String] {
    Self.paths.filter { $0.contains("sluice-\(run.process)") && !before.contains($0) }
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func aSignalEndsALiveRunCleanly(signal: Int32) {
    bench.write("live.yaml", wire: "null:", host: "vhost:\(bench.folder.place("vm.sock"))")
    let run = bench.live("live.yaml --json")
    #expect(bench.folder.names.contains("vm.sock"))

    run.send(signal)

    #expect(run.wait() == .status(0), "\(run.errors)")
    #expect(run.faults == [])
    // As `ReportFigures` writes true.
    #expect(run.figures?["interrupted"] == "1")
    #expect(!bench.folder.names.contains("vm.sock"))
    #expect(leftovers(of: run) == [])
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func aSignalEndsAReplayWithWholeOutputs(signal: Int32) {
    let line = "replay send.yaml --in wire=Pcaps/incast.pcap --out host=out.pcapng --speed 0.1x"
    let run = bench.sluice(line + " --json")
    #expect(Run.until { bench.folder.names.contains("out.pcapng.partial") })

    run.send(signal)

    #expect(run.wait() == .status(0), "\(run.errors)")
    #expect(run.faults == [])
    let capture = CaptureFile(path: bench.folder.place("out.pcapng"))
    #expect(capture.damage == nil)
    #expect(capture.packets.count == run.figures?.number("totals.sentPackets"))
    #expect(capture.packets.count < 692)
    #expect(!bench.folder.names.contains("out.pcapng.partial"))
    #expect(leftovers(of: run) == [])
  }

  @Test func aSignalEndsASimulationWhichTellsOfItsTimeOnly() throws {
    bench.folder.write(
      """
      sluice: 1
      ports: {a: "null:", b: "null:", c: "null:", d: "null:"}
      simulation:
        time: 1h
        sample: 1ms
        cables: [{ends: [b, c]}]
        traffic: [{from: a, to: d}]
      pipelines:
        send: {input: a, stages: [{capture: {file: seen.pcapng, cut: 64B}}, {send: b}]}
        hear: {input: b, stages: [{send: a}]}
        receive: {input: c, stages: [{send: d}]}
        answer: {input: d, stages: [{send: c}]}
      """, to: "world.yaml")
    let run = bench.sluice("simulate world.yaml --json")
    #expect(Run.until { bench.folder.names.contains("seen.pcapng.partial") })

    run.send(SIGINT)

    #expect(run.wait() == .status(0), "\(run.errors)")
    #expect(run.faults == [])
    #expect(run.figures?["interrupted"] == "1")
    let text = try #require(run.figures?["captureSeconds"])
    #expect(try #require(Double(text)) < 3600)
  }

  @Test func aReplayEndedBySignalWasNotLateByCenturies() throws {
    let run = bench.sluice(
      "replay send.yaml --in wire=Inputs/mixed.pcap --out host=out.pcapng --speed 0.000001x --json")
    #expect(Run.until { bench.folder.names.contains("out.pcapng.partial") })
    run.send(SIGINT)
    #expect(run.wait() == .status(0), "\(run.errors)")
    let text = try #require(run.figures?["pacing.maximumLateness"])
    let lateness = try #require(Double(text))
    #expect(lateness < 1e6)
  }

  @Test func twoSignalsEndALiveRunAtOnce() {
    bench.write("live.yaml", wire: "null:", host: "vhost:\(bench.folder.place("vm.sock"))")
    let run = bench.live("live.yaml")
    #expect(bench.folder.names.contains("vm.sock"))
    // Both are there before the run sees the first.
    for signal in [SIGSTOP, SIGINT, SIGTERM, SIGCONT] { run.send(signal) }
    #expect(run.wait() == .status(130))
    #expect(run.output == "")
    #expect(!bench.folder.names.contains("vm.sock"))
    #expect(leftovers(of: run) == [])
  }

  @Test func aReplayThatWaitsForItsInputCanBeEnded() {
    mkfifo(bench.folder.place("pipe"), 0o600)
    let run = bench.sluice("replay send.yaml --in wire=pipe --out host=out.pcapng")
    // Holds the pipe open, and writes nothing into it.
    let writer = open(bench.folder.place("pipe"), O_RDWR)
    defer { close(writer) }
    #expect(Run.until { run.isHolding(bench.folder.place("pipe")) })
    run.send(SIGTERM)
    #expect(run.wait() == .status(1))
    #expect(run.errors == "ended by a signal before the replay\n")
    #expect(bench.folder.names.filter { $0.hasPrefix("out") } == [])
  }

  @Test func aReplayEndedBeforeItsFirstPacketDoesNotCallItsCapturesEmpty() throws {
    mkfifo(bench.folder.place("pipe"), 0o600)
    let run = bench.sluice("replay send.yaml --in wire=pipe --json")
    let writer = open(bench.folder.place("pipe"), O_RDWR)
    defer { close(writer) }
    // The file header alone, so that the replay has begun.
    let header = Folder.bytes(of: bench.folder.place("Inputs/mixed.pcap")).prefix(24)
    _ = header.withUnsafeBytes { write(writer, $0.baseAddress, $0.count) }
    #expect(Run.until { run.hasEmptied(writer) })
    run.send(SIGTERM)
    #expect(run.wait() == .status(0), "\(run.errors)")
    let figures = try #require(run.figures)
    #expect(figures.values.filter { $0.key.hasPrefix("notes") }.map(\.value) == [])
  }

  @Test func aFailedStartLeavesNothingBehind() {
    let socket = bench.folder.place("vm.sock")
    bench.write("fails.yaml", wire: "vhost:\(socket)", host: "af_packet:nosuch0")
    let run = bench.sluice("run fails.yaml")
    #expect(run.wait() == .status(1))
    #expect(run.errors.contains("nosuch0"))
    #expect(!bench.folder.names.contains("vm.sock"))
    #expect(leftovers(of: run) == [])
  }
}
