// SPDX-License-Identifier: BSD-3-Clause
import Glibc
import RunningSluice
import Testing

/// Programs that ask a running Sluice over DPDK's telemetry socket.
@Suite(.serialized) struct TelemetrySocketTests {
  let bench = Workbench()

  /// A run whose capture comes again and again, once it says where its socket is.
  func asked(_ top: String = "telemetry: {socket: true}") -> Run {
    bench.write(
      "asked.yaml", wire: "pcap:in=Pcaps/rc_write_ce.pcap,infinite", host: "null:", "parse",
      "track-qps", "roce-telemetry", top: "hugepages: never\n" + top)
    return bench.live("asked.yaml --json")
  }

  /// Where DPDK has its folders.
  var folder: String { Ability.isRoot ? "/var/run/dpdk" : "/tmp/dpdk" }

  func prefix(_ run: Run) -> String { "sluice-\(run.process)" }

  /// What DPDK's own script shows.
  func telemetry(_ run: Run, _ command: String) -> String {
    let script = bench.shell("echo '\(command)' | dpdk-telemetry.py -f \(prefix(run))")
    script.wait()
    return script.output
  }

  @Test(.enabled(if: Ability.has("dpdk-telemetry.py"), "dpdk-telemetry.py is not installed"))
  func dpdkTelemetryShowsARun() {
    let run = asked()
    #expect(run.errors.contains("telemetry is at \(folder)/\(prefix(run))/dpdk_telemetry.v2"))
    #expect(Run.until { telemetry(run, "/sluice/queue_pairs").contains("\"packets\"") })
    #expect(telemetry(run, "/sluice/info").contains("\"file\": \"asked.yaml\""))
    let ports = telemetry(run, "/sluice/ports")
    #expect(ports.contains("{\"total\": 2, \"ports\": {\"0\": {\"name\": \"wire\""), "\(ports)")
    #expect(telemetry(run, "/sluice/stages").contains("\"stage\": \"roce-telemetry\""))
    #expect(telemetry(run, "/sluice/totals").contains("\"np_ecn_marked_roce_packets\""))
    #expect(telemetry(run, "/sluice/distributions").contains("\"packet_size_bytes\""))
    #expect(telemetry(run, "/sluice/queue_pair,nosuch") == "{\"/sluice/queue_pair\": null}\n")
    #expect(telemetry(run, "/sluice/ports,nonsense") == "{\"/sluice/ports\": null}\n")
    #expect(telemetry(run, "/ethdev/list").contains("[0, 1]"), "DPDK's own are there, too")
  }

  /// Python's sockets are another client than DPDK's script: it sees what was sent as it is.
  @Test func everyAnswerIsJSONWithinTheLimit() {
    let run = asked()
    bench.folder.write(
      """
      import json, socket, sys
      client = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
      client.connect(sys.argv[1])
      limit = json.loads(client.recv(65536))["max_output_len"]
      def ask(command):
          client.send(command.encode())
          text = client.recv(65536)
          assert len(text) <= limit
          return json.loads(text.decode().rstrip("\\0"))
      for command in ask("/")["/"]:
          if command.startswith("/sluice/"):
              print(command, json.dumps(ask(command))[:60])
      """, to: "client.py")
    let client = bench.shell(
      "/usr/bin/python3 client.py \(folder)/\(prefix(run))/dpdk_telemetry.v2")
    #expect(client.wait() == .status(0), "\(client.errors)")
    #expect(client.output.split(separator: "\n").count == 9)
  }

  @Test func theFolderGoesWithTheRun() {
    let run = asked()
    #expect(Folder.names(in: folder).contains(prefix(run)))
    run.send(SIGTERM)
    #expect(run.wait() == .status(0), "\(run.errors)")
    #expect(run.faults == [])
    #expect(!Folder.names(in: folder).contains(prefix(run)))
  }

  @Test func theFolderGoesWithASecondSignal() {
    let run = asked()
    for signal in [SIGSTOP, SIGINT, SIGTERM, SIGCONT] { run.send(signal) }
    #expect(run.wait() == .status(130))
    #expect(!Folder.names(in: folder).contains(prefix(run)))
  }

  @Test func aRunWithoutTheSocketHasNoFolder() {
    let run = asked("")
    #expect(run.isRunning)
    #expect(!Folder.names(in: folder).contains(prefix(run)))
  }

  @Test func capturingNeedsHugepages() {
    let run = asked("telemetry: {dumpcap: true}")
    #expect(run.wait() == .status(1))
    #expect(
      run.errors.contains("cannot let dpdk-dumpcap capture packets: that needs hugepages"),
      "\(run.errors)")
  }

  static let hugepages =
    Int(Folder.text(of: "/proc/sys/vm/nr_hugepages").prefix { $0.isNumber }) ?? 0
  static let mounts = Folder.text(of: "/proc/mounts")

  @Test(
    .enabled(
      if: hugepages >= 192 && mounts.contains(" hugetlbfs ") && Ability.has("dpdk-dumpcap"),
      "no hugepages are reserved, hugetlbfs is not mounted, or dpdk-dumpcap is not installed"))
  func dumpcapCapturesFromARun() {
    bench.write(
      "captured.yaml", wire: "null:size=128", host: "null:",
      top: "hugepages: required\ntelemetry: {dumpcap: true}")
    let run = bench.live("captured.yaml --json")
    #expect(run.errors.contains("dpdk-dumpcap --file-prefix=\(prefix(run))"), "\(run.errors)")

    let capture = bench.shell(
      "dpdk-dumpcap --file-prefix=\(prefix(run)) -i 0 -c 20 -w captured.pcapng")

    #expect(capture.wait() == .status(0), "\(capture.errors)")
    #expect(bench.packets("captured.pcapng").count >= 20)
    #expect(bench.packets("captured.pcapng").allSatisfy { $0.bytes.count == 128 })
    run.send(SIGTERM)
    #expect(run.wait() == .status(0), "\(run.errors)")
    #expect(run.faults == [])
    #expect(!Folder.names(in: folder).contains(prefix(run)))
    let left = Self.mounts.split(separator: "\n").filter { $0.contains(" hugetlbfs ") }
      .flatMap { Folder.names(in: String($0.split(separator: " ")[1])) }
    #expect(!left.contains { $0.hasPrefix(prefix(run)) })
  }
}
