// SPDX-License-Identifier: BSD-3-Clause
import Bench
import DPDK
import Glibc
import Pipeline
import Testing

@testable import Runtime

extension Running {
  @Suite struct LiveTests {
    let folder = Folder()

    /// Runs until so many packets came; the seconds are for the case that they never do.
    func run(_ text: String, packets: UInt64, seconds: Double = 10) throws -> Report {
      var options = LiveOptions()
      options.packetLimit = packets
      options.seconds = seconds
      let report = try Live(plan(text), options, start: shared).run()
      #expect(report.problems == [])
      #expect(report.totals.balances)
      #expect(report.pool.missing == 0)
      return report
    }

    func capture(_ name: String, _ packets: [[UInt8]]) throws -> String {
      try writeCapture(folder.place(name), packets.map { FilePacket($0, at: 1000) })
      return folder.place(name)
    }

    /// One core as often as there are workers: then they need not be two.
    func cores(_ count: Int) -> String {
      Array(repeating: "\(Cores.available.first ?? 0)", count: count).joined(separator: ", ")
    }

    @Test(arguments: ["busy", "adaptive"])
    func nullPortsCarryPackets(poll: String) throws {
      let report = try run(
        """
        sluice: 1
        poll: \(poll)
        cores: [\(cores(1))]
        ports: {in: "null:size=128", out: "null:"}
        pipelines: {main: {input: in, stages: [{parse: {malformed: pass}}, {send: out}]}}
        """, packets: 10_000)
      #expect(report.totals.received >= 10_000)
      #expect(report.totals.sent == report.totals.received)
      #expect(report.totals.receivedBytes == report.totals.received * 128)
      #expect(report.ports[1].driver?.sendErrors == 0)
    }

    @Test func captureGoesThroughPortsByteForByte() throws {
      let packets = (0..<300).map { packet("eth / ipv4 ttl \(1 + $0 % 200) / udp / \($0)B") }
      let path = try capture("in.pcap", packets)
      let report = try run(
        """
        sluice: 1
        cores: [\(cores(1))]
        ports: {in: "pcap:in=\(path)", out: "pcap:out=\(folder.place("out.pcap"))"}
        pipelines:
          main:
            input: in
            stages: [parse, {drop: low, when: ip.ttl < 10}, {set: {ip.ttl: 9}}, {send: out}]
        """, packets: 300)
      let expected = (0..<300).filter { 1 + $0 % 200 >= 10 }
        .map { packet("eth / ipv4 ttl 9 / udp / \($0)B") }
      #expect(try readCapture(folder.place("out.pcap")).map(\.bytes) == expected)
      #expect(report.drops.map(\.reason) == ["low"])
      #expect(report.totals.dropped == 300 - UInt64(expected.count))
    }

    @Test func workersHandOverToTheOneThatOwnsTheQueue() throws {
      let a = try capture("a.pcap", (0..<200).map { packet("eth / ipv4 / udp / \($0)B") })
      let b = try capture("b.pcap", (0..<200).map { packet("eth / ipv6 / tcp / \($0)B") })
      let report = try run(
        """
        sluice: 1
        workers: 2
        cores: [\(cores(2))]
        ports: {a: "pcap:in=\(a)", b: "pcap:in=\(b)", out: "pcap:out=\(folder.place("out.pcap"))"}
        pipelines: {main: {input: [a, b], stages: [{send: out}]}}
        """, packets: 400)
      let bytes = try readCapture(folder.place("out.pcap")).map(\.bytes)
      let sources = try [a, b].map { try readCapture($0).map(\.bytes) }
      #expect(bytes.count == 400)
      #expect(Set(bytes) == Set(sources.joined()))
      #expect(sources.allSatisfy { source in bytes.filter(Set(source).contains) == source })
      #expect(report.workers == 2)
    }

    @Test func twoWorkersShareEndlessPorts() throws {
      let report = try run(
        """
        sluice: 1
        workers: 2
        cores: [\(cores(2))]
        ports: {a: "null:size=64", b: "null:size=1500", out: "null:", tap: "null:"}
        pipelines:
          main:
            input: [a, b]
            stages: [{sample: 100}, {mirror: tap, when: sampled}, {send: out}]
        """, packets: 50_000)
      #expect(report.totals.sent == report.totals.received + report.totals.made)
      #expect(report.ports[0].counters.receivedPackets > 0)
      #expect(report.ports[1].counters.receivedPackets > 0)
      #expect(report.ports[3].counters.sentPackets == report.totals.made)
    }

    @Test func everyWorkerTellsItsProcessorTime() throws {
      let report = try run(
        """
        sluice: 1
        workers: 2
        cores: [\(cores(2))]
        ports: {in: "null:", out: "null:"}
        pipelines: {main: {input: in, stages: [{send: out}]}}
        """, packets: 10_000)
      let polling = try #require(report.polling)
      #expect(polling.nanosecondsByWorker.count == 2)
      #expect(polling.nanosecondsByWorker.allSatisfy { $0 > 0 })
      #expect(polling.tscHertz > 1_000_000)
    }

    @Test func ringCarriesPacketsFromOnePipelineToTheNext() throws {
      let path = try capture("in.pcap", (0..<100).map { packet("eth / ipv4 / udp / \($0)B") })
      let report = try run(
        """
        sluice: 1
        cores: [\(cores(1))]
        ports:
          in: "pcap:in=\(path)"
          cable: "ring:engine-cable"
          out: "pcap:out=\(folder.place("out.pcap"))"
        pipelines:
          first: {input: in, stages: [{send: cable}]}
          second: {input: cable, stages: [{send: out}]}
        """, packets: 200)
      #expect(
        try readCapture(folder.place("out.pcap")).map(\.bytes)
          == readCapture(path).map(\.bytes))
      #expect(report.totals.received == 200)
    }

    @Test func runWithoutPacketsEndsInTime() throws {
      let report = try run(
        """
        sluice: 1
        cores: [\(cores(1))]
        ports: {in: "ring:engine-silence", out: "null:"}
        pipelines: {main: {input: in, stages: [{send: out}]}}
        """, packets: .max, seconds: 0.05)
      #expect(report.totals.received == 0)
    }

    @Test(arguments: [
      ("cores: []", "no core is named"),
      ("workers: 2\ncores: [0]", "1 core named for 2 workers"),
      ("workers: 64", "64 workers need 64 cores"),
      ("cores: [1023]", "core 1023 is not available to this process"),
    ])
    func coresThatDoNotSuitAreAnErrorOfTheFile(setting: String, message: String) throws {
      let plan = try plan(
        "sluice: 1\n\(setting)\nports: {a: \"null:\"}\n"
          + "pipelines: {main: {input: a, stages: [{send: a}]}}\n")
      let error = #expect(throws: RuntimeError.self) {
        try Live(plan, LiveOptions(), start: shared)
      }
      guard case .usage(let diagnostics) = error else {
        Issue.record("not an error of the file: \(String(describing: error))")
        return
      }
      #expect(diagnostics.first?.message.contains(message) ?? false)
    }
  }
}
