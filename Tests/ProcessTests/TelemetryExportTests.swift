// SPDX-License-Identifier: BSD-3-Clause
import Glibc
import RunningSluice
import Testing

/// Measurements that leave a running Sluice, as the programs of others receive them.
struct TelemetryExportTests {
  let bench = Workbench()

  func write(_ telemetry: String) {
    bench.write("export.yaml", wire: "null:", host: "null:", top: "telemetry: {\(telemetry)}")
  }

  /// The rows that sqlite3 answers with.
  func query(_ text: String) -> [String] {
    let run = bench.shell("sqlite3 out.db '\(text)'")
    #expect(run.wait() == .status(0), "\(run.errors)")
    return run.output.split(separator: "\n").map(String.init)
  }

  /// Where a running Sluice says that it can be asked.
  func place(_ run: Run) -> String {
    run.errors.split(separator: "\n").lazy
      .compactMap { line in
        line.firstRange(of: "http://").map { String(line[$0.lowerBound...]) }
      }
      .first ?? ""
  }

  @Test func aReplayWritesItsFilesOnceAtTheEnd() {
    write("json: {file: out.json}, csv: {file: out.csv}, sqlite: {file: out.db}")
    let run = bench.sluice("replay export.yaml --in wire=Pcaps/incast.pcap --json")
    #expect(run.wait() == .status(0), "\(run.errors)")
    let received = run.figures?.number("totals.receivedPackets") ?? 0
    let lines = Folder.text(of: bench.folder.place("out.json")).split(separator: "\n")
    #expect(lines.count == 1)
    #expect(lines.first?.contains("\"receivedPackets\":\(received),") ?? false)
    #expect(query("SELECT received_packets FROM ports WHERE port = \"wire\"") == ["\(received)"])
    #expect(Folder.text(of: bench.folder.place("out.csv")).hasPrefix("nanoseconds,uptime,source,"))
  }

  @Test(.enabled(if: Ability.has("tshark"), "needs tshark"))
  func queuePairsAreExportedAsTsharkCountsThem() {
    bench.folder.write(
      """
      sluice: 1
      telemetry: {sqlite: {file: out.db}}
      ports: {wire: "null:", host: "null:"}
      pipelines:
        ingress: {input: wire, stages: [parse, track-qps, roce-telemetry, {send: host}]}
      """, to: "measured.yaml")
    let run = bench.sluice("replay measured.yaml --in wire=Pcaps/rc_ops_loss.pcap")
    #expect(run.wait() == .status(0), "\(run.errors)")
    let tshark = bench.shell(
      "tshark -r Pcaps/rc_ops_loss.pcap -Y infiniband.bth -T fields -e infiniband.bth.destqp"
        + " | sort | uniq -c | sort -n")
    #expect(tshark.wait() == .status(0), "\(tshark.errors)")
    let counts = tshark.output.split(separator: "\n").compactMap { line in
      line.split(separator: " ").first.map(String.init)
    }
    #expect(!counts.isEmpty)
    #expect(query("SELECT packets FROM queue_pairs ORDER BY packets") == counts)
    let sum = counts.compactMap { Int($0) }.reduce(0, +)
    #expect(query("SELECT sum(packets) FROM opcodes") == ["\(sum)"])
    #expect(query("SELECT packets FROM totals") == ["\(sum)"])
  }

  @Test func aSimulationWritesItsFilesAtTheEnd() {
    bench.folder.write(
      """
      sluice: 1
      telemetry: {json: {file: out.json}}
      simulation: {time: 100us, traffic: [{from: a, to: b}]}
      ports: {a: "null:", b: "null:"}
      pipelines:
        forth: {input: a, stages: [{send: b}]}
        back: {input: b, stages: [{send: a}]}
      """, to: "simulated.yaml")
    let run = bench.sluice("simulate simulated.yaml --json")
    #expect(run.wait() == .status(0), "\(run.errors)")
    let lines = Folder.text(of: bench.folder.place("out.json")).split(separator: "\n")
    let received = run.figures?.number("ports[a].receivedPackets") ?? -1
    #expect(lines.count == 1)
    #expect(lines.first?.contains("\"receivedPackets\":\(received),") ?? false)
  }

  @Test func twoReplaysWriteTheSame() {
    write("json: {file: out.json}")
    let texts = (0..<2).map { _ in
      #expect(
        bench.sluice("replay export.yaml --in wire=Pcaps/incast.pcap").wait() == .status(0))
      return Folder.text(of: bench.folder.place("out.json"))
    }
    // The cycles of stages are measured, and so differ.
    let same = texts.map { $0.replacing(#/"timedCycles":\d+/#, with: "") }
    #expect(same[0] == same[1])
    #expect(!same[0].isEmpty)
  }

  @Test func aLiveRunWritesInIntervalsAndAtItsEnd() {
    write("json: {file: out.json, every: 50ms}, sqlite: {file: out.db, every: 50ms}")
    let run = bench.live("export.yaml --json")
    #expect(
      Run.until {
        Folder.text(of: bench.folder.place("out.json")).split(separator: "\n").count >= 3
      })
    run.send(SIGTERM)
    #expect(run.wait() == .status(0), "\(run.errors)")
    #expect(run.faults == [])
    let received = query("SELECT received_packets FROM ports WHERE port = \"wire\" ORDER BY time")
      .compactMap { Int($0) }
    #expect(received.count >= 3)
    #expect(received == received.sorted())
    #expect(received.last == run.figures?.number("ports[wire].receivedPackets"))
  }

  @Test(
    .enabled(if: Ability.has("prometheus"), "needs Debian's prometheus"),
    .enabled(if: Ability.has("curl"), "needs curl"))
  func prometheusScrapesARunningSluice() throws {
    write("prometheus: {listen: \"127.0.0.1:0\"}")
    let run = bench.live("export.yaml --json")
    let target = place(run).dropFirst("http://".count).dropLast("/metrics".count)
    let port = try #require(FreePort.number)
    bench.folder.write(
      """
      global: {scrape_interval: 1s}
      scrape_configs: [{job_name: sluice, static_configs: [{targets: ["\(target)"]}]}]
      """, to: "prometheus.yaml")
    let prometheus = bench.shell(
      "exec prometheus --config.file=prometheus.yaml --storage.tsdb.path=data"
        + " --web.listen-address=127.0.0.1:\(port)")
    func ask(_ query: String) -> String {
      let run = bench.shell(
        "curl -s -m 10 --data-urlencode 'query=\(query)' http://127.0.0.1:\(port)/api/v1/query")
      run.wait()
      return run.output
    }
    // Two scrapes: a rate needs both.
    let rate = "rate(sluice_port_received_packets_total{port=\"wire\"}[10s]) > 0"
    #expect(
      Run.until(seconds: 60) { ask(rate).contains("\"port\":\"wire\"") }, "\(prometheus.errors)")
    #expect(ask("up").contains("\"instance\":\"\(target)\",\"job\":\"sluice\""))
    #expect(ask("sluice_workers").contains(#","1"]"#))
    #expect(ask("sluice_port_sent_packets_total{port=\"host\"} > 0").contains("\"port\":\"host\""))
    run.send(SIGTERM)
    #expect(run.wait() == .status(0), "\(run.errors)")
    #expect(run.faults == [])
    prometheus.send(SIGTERM)
    prometheus.wait()
  }

  @Test func aSecondRunAtTheSameAddressIsAnError() {
    write("prometheus: {listen: \"127.0.0.1:0\"}")
    let first = bench.live("export.yaml")
    let address = place(first).dropFirst("http://".count).dropLast("/metrics".count)
    write("prometheus: {listen: \"\(address)\"}")
    let second = bench.sluice("run export.yaml --duration 1s")
    #expect(second.wait() == .status(1))
    #expect(second.errors.contains("cannot listen at \(address): Address already in use\n  fix: "))
    first.send(SIGTERM)
    #expect(first.wait() == .status(0))
  }

  /// A limit of file sizes stands in for a full disk; SQLite's first pages alone are larger.
  @Test(arguments: [("json", "out.json"), ("sqlite", "out.db")])
  func aFullDiskIsToldOnceWhileTheRunGoesOn(kind: String, file: String) {
    write("\(kind): {file: \(file), every: 20ms}")
    let run = bench.shell("ulimit -f 256; exec $sluice run export.yaml --json")
    let problem = "telemetry: \(kind): cannot write \(file): "
    #expect(Run.until { run.errors.contains(problem) || !run.isRunning }, "\(run.errors)")
    run.send(SIGTERM)
    #expect(run.wait() == .status(1), "\(run.errors)")
    // Once at once, and once with the report.
    #expect(run.errors.split(separator: problem).count == 3, "\(run.errors)")
    #expect(run.output.contains(problem))
    #expect(run.figures?.number("pool.missing") == 0)
    if kind == "json" {
      #expect(Folder.text(of: bench.folder.place(file)).hasSuffix("}\n"))
    } else {
      #expect(query("PRAGMA integrity_check") == ["ok"])
    }
  }

  @Test(arguments: [
    ("json: {file: a.json}, csv: {file: ./a.json}", "a.json is written by telemetry 'json' and"),
    ("json: {file: out/../a.pcap}", "is written by stage 'ingress/capture' and"),
    ("prometheus: {listen: localhost:9464}", "'localhost:9464' is no IP address with a port"),
    ("ipfix: {collector: \"10.0.0.1\"}", "'10.0.0.1' is no IP address with a port"),
    ("json: {file: \"-\"}", "telemetry 'json' needs a file of its own"),
    ("json: {file: a, every: 0s}", "expected a duration from 10ms to 24h"),
    ("json: {}", "missing key 'file' in 'json'"),
    ("prometeus: {}", "did you mean 'prometheus'?"),
  ])
  func whatCannotBeIsAnErrorOfTheFile(telemetry: String, message: String) {
    mkdir(bench.folder.place("out"), 0o700)
    bench.write(
      "export.yaml", wire: "null:", host: "null:", "capture: a.pcap",
      top: "telemetry: {\(telemetry)}")
    for command in ["check", "run"] {
      let run = bench.sluice("\(command) export.yaml")
      #expect(run.wait() == .status(2), "\(command)")
      #expect(run.errors.contains(message), "\(run.errors)")
    }
    #expect(!bench.folder.names.contains("a.json"))
  }
}

/// A TCP port that nobody listens at.
private enum FreePort {
  static var number: UInt16? {
    let probe = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(probe) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(probe, $0, length) == 0 ? getsockname(probe, $0, &length) : -1
      }
    }
    return code == 0 ? UInt16(bigEndian: address.sin_port) : nil
  }
}
