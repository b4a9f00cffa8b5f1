// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Glibc
import Pipeline
import Testing

@testable import Runtime

extension Running {
  /// Two replays of one file give the same, and pacing changes nothing but the wall clock.
  @Suite struct ReplayRepetitionTests {
    let folder = Folder()
    static let everything = """
      sluice: 1
      seed: 5
      ports: {in: "null:", out: "null:", tap: "null:"}
      pipelines:
        main:
          input: in
          stages:
            - parse
            - count: all
            - sample: {every: 3, mode: random}
            - {mirror: {port: tap, cut: 64B}, when: sampled}
            - {drop: chance, when: sampled and ip.ttl < 20}
            - {jump: rewrite, when: ip.ttl < 40}
            - send: out
        rewrite: {stages: [set: {ip.dscp: 26, push-vlan: {id: 9}}, send: out]}
      """

    func input() throws -> String {
      let packets = (0..<500).map { number in
        FilePacket(
          packet("eth / ipv4 ttl \(1 + number % 64) / udp / \(number % 300)B"),
          at: 1_000_000_000 + UInt64(number) * 10_000)
      }
      try writeCapture(folder.place("in.pcap"), packets)
      return folder.place("in.pcap")
    }

    func run(_ name: String, pace: Pace = .maximum, seed: Int = 5) throws -> Report {
      var options = ReplayOptions()
      options.inputs = ["in": [try input()]]
      options.outputs = [
        "out": folder.place("\(name)-out.pcapng"), "tap": folder.place("\(name)-tap.pcap"),
      ]
      options.drops = folder.place("\(name)-drops.pcapng")
      options.pace = pace
      let text = Self.everything.replacing("seed: 5", with: "seed: \(seed)")
      let report = try Replay(plan(text), options, start: shared).run()
      #expect(report.problems == [])
      return report
    }

    func files(_ name: String) -> [[UInt8]] {
      ["out.pcapng", "tap.pcap", "drops.pcapng"].map { contents(of: folder.place("\(name)-\($0)")) }
    }

    /// What a report says but for the time that the run took.
    func facts(_ report: Report) -> [String] {
      report.pipelines.flatMap(\.stages).map {
        "\($0.label) \($0.counters.packets) \($0.counters.dropped) \($0.counters.bursts) "
          + $0.figures.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
      } + report.drops.map { "\($0.reason) \($0.packets)" }
        + ["\(report.totals)"]
    }

    @Test func twoRunsGiveTheSameBytesAndCounters() throws {
      let reports = try [run("first"), run("second")]
      #expect(files("first") == files("second"))
      #expect(files("first").allSatisfy { $0.count > 200 })
      #expect(facts(reports[0]) == facts(reports[1]))
    }

    @Test func anotherSeedGivesOtherSamples() throws {
      _ = try (run("first"), run("second", seed: 6))
      #expect(files("first") != files("second"))
    }

    @Test(arguments: [Pace.speed(1), .speed(100), .rate(1e6)])
    func pacingKeepsPacketsAndTheirTimes(pace: Pace) throws {
      let paced = try run("paced", pace: pace)
      let free = try run("free")
      let names = ["out.pcapng", "tap.pcap"]
      for name in names {
        let packets = try ["paced", "free"].map { try readCapture(folder.place("\($0)-\(name)")) }
        #expect(
          packets[0].sorted { $0.nanoseconds < $1.nanoseconds }
            == packets[1].sorted { $0.nanoseconds < $1.nanoseconds })
      }
      #expect(paced.totals.dropped == free.totals.dropped)
      #expect(paced.pacing?.asked == pace.text)
      #expect(free.pacing == nil)
    }

    @Test func commentsSayWhatBecameOfAPacket() throws {
      _ = try run("run")
      let text = String(decoding: contents(of: folder.place("run-drops.pcapng")), as: UTF8.self)
      #expect(text.contains("dropped by main/drop: chance"))
      let sent = String(decoding: contents(of: folder.place("run-out.pcapng")), as: UTF8.self)
      #expect(sent.contains("sent to out by main/send"))
      #expect(sent.contains("sent to out by rewrite/send"))
    }
  }
}
