// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Glibc
import Pipeline
import Testing
import Wire

@testable import Runtime

extension Running {
  @Suite struct ReplayTests {
    let folder = Folder()
    static let forwarding = """
      sluice: 1
      ports: {a: "null:", b: "null:", out: "null:"}
      pipelines:
        main:
          input: [a, b]
          stages: [{parse: {malformed: pass}}, {id: all, count: all}, {send: out}]
      """

    func replay(_ text: String, _ options: ReplayOptions) throws -> Report {
      let report = try Replay(plan(text), options, start: shared).run()
      #expect(report.totals.balances)
      #expect(report.pool.missing == 0)
      return report
    }

    /// A capture of packets so many nanoseconds apart, each of a length of its own.
    func capture(
      _ name: String, _ count: Int, from start: UInt64 = 1_000_000, every step: UInt64 = 1000,
      length: Int = 60, link: LinkType = .ethernet
    ) throws -> String {
      let packets = (0..<count).map {
        FilePacket(
          [UInt8](repeating: UInt8($0 & 255), count: length + $0 % 7),
          at: start + UInt64($0) * step, link: link)
      }
      try writeCapture(folder.place(name), packets)
      return folder.place(name)
    }

    func options(_ inputs: [String: [String]], pace: Pace = .maximum) -> ReplayOptions {
      var options = ReplayOptions()
      options.inputs = inputs
      options.outputs = ["out": folder.place("out.pcapng")]
      options.pace = pace
      return options
    }

    var written: [FilePacket] { get throws { try readCapture(folder.place("out.pcapng")) } }

    @Test func whatGoesInComesOut() throws {
      let path = try capture("a.pcap", 200)
      let report = try replay(Self.forwarding, options(["a": [path]]))
      #expect(try written == readCapture(path))
      #expect(report.succeeded)
      #expect(report.totals.received == 200)
      #expect(report.captureSeconds == 199e-6)
    }

    @Test func portsInterleaveByTime() throws {
      let a = try capture("a.pcap", 50, from: 1000, every: 2000)
      let b = try capture("b.pcap", 50, from: 2000, every: 2000, length: 100)
      let report = try replay(Self.forwarding, options(["a": [a], "b": [b]]))
      #expect(try written.map(\.nanoseconds) == (1...100).map { UInt64($0) * 1000 })
      #expect(report.ports.map(\.counters.receivedPackets) == [50, 50, 0])
      // Bursts keep the order between ports: each holds one packet here.
      #expect(report.counters("all")?.bursts == 100)
    }

    @Test func capturesOfOnePortMerge() throws {
      let a = try capture("a.pcap", 50, from: 1000, every: 2000)
      let b = try capture("b.pcap", 50, from: 2000, every: 2000, length: 100)
      let report = try replay(Self.forwarding, options(["a": [a, b]]))
      #expect(try written.map(\.nanoseconds) == (1...100).map { UInt64($0) * 1000 })
      #expect(report.counters("all")?.bursts == 2)
    }

    @Test(arguments: [(1, 1), (63, 1), (64, 1), (65, 2), (128, 2), (129, 3)])
    func burstsHoldSixtyFourPackets(count: Int, bursts: UInt64) throws {
      let report = try replay(Self.forwarding, options(["a": [capture("a.pcap", count)]]))
      #expect(report.counters("all")?.bursts == bursts)
      #expect(report.totals.sent == UInt64(count))
    }

    @Test func captureWithoutPacketsIsNoFailure() throws {
      let report = try replay(Self.forwarding, options(["a": [capture("a.pcap", 0)]]))
      #expect(report.succeeded)
      #expect(report.notes.contains("the captures hold no packets"))
      #expect(try written.isEmpty)
    }

    @Test(.enabled(if: isInstalled("tshark"), "tshark is not here"))
    func linkTypesMixInOneOutput() throws {
      let inputs = try [
        capture("a.pcap", 3, from: 1000, every: 3000),
        capture("b.pcap", 3, from: 2000, every: 3000, link: .linuxCooked),
        capture("c.pcap", 3, from: 3000, every: 3000, link: .rawIP),
      ]
      let report = try replay(Self.forwarding, options(["a": inputs]))
      // Wireshark's own numbers: Ethernet, Linux cooked, raw IP.
      let fields = "-T fields -e frame.encap_type"
      let types = output(of: "tshark -r \(folder.place("out.pcapng")) \(fields) 2>/dev/null")
      #expect(types == String(repeating: "1\n25\n7\n", count: 3))
      let links = try written.map(\.link)
      #expect(links == (0..<3).flatMap { _ in [LinkType.ethernet, .linuxCooked, .rawIP] })
      #expect(report.succeeded)
    }

    @Test func mixedLinkTypesInAPcapAreAProblem() throws {
      var options = try options([
        "a": [capture("a.pcap", 3), capture("b.pcap", 3, from: 2_000_000, link: .rawIP)]
      ])
      options.outputs = ["out": folder.place("out.pcap")]
      let report = try replay(Self.forwarding, options)
      #expect(report.problems.count == 1)
      #expect(!report.succeeded)
      #expect(report.ports[2].counters.sentPackets == 3)
      #expect(report.drops.map(\.packets) == [3])
      #expect(try readCapture(folder.place("out.pcap.partial")).count == 3)
    }

    @Test func whatDidNotReachTheFileWasNotSent() throws {
      var options = try options(["a": [capture("a.pcap", 3000, length: 900)]])
      options.outputs = ["out": "/dev/full"]
      let report = try replay(Self.forwarding, options)
      #expect(report.problems.count == 1)
      #expect(report.ports[2].counters.sentPackets == 0)
      #expect(report.ports[2].counters.sentBytes == 0)
      #expect(report.totals.sentBytes == 0)
      #expect(report.drops.map(\.reason) == ["output-full"])
    }

    @Test func cutCaptureGivesEverythingBeforeTheDamage() throws {
      let whole = try capture("a.pcap", 10)
      let cut = folder.file("cut.pcap", contents(of: whole).dropLast(5))
      let report = try replay(Self.forwarding, options(["a": [cut]]))
      #expect(try written == Array(readCapture(whole).prefix(9)))
      #expect(report.problems.count == 1)
      #expect(!report.succeeded)
    }

    @Test func otherCapturesGoOnWhenOneIsCut() throws {
      let cut = folder.file("cut.pcap", contents(of: try capture("a.pcap", 10)).dropLast(5))
      let good = try capture("b.pcap", 200, every: 500)
      let report = try replay(Self.forwarding, options(["a": [cut], "b": [good]]))
      #expect(report.totals.received == 209)
      #expect(report.problems.count == 1)
    }

    @Test(arguments: [1, 64, 70])
    func packetLimitEndsTheReplay(limit: UInt64) throws {
      var options = try options(["a": [capture("a.pcap", 200)]])
      options.packetLimit = limit
      let report = try replay(Self.forwarding, options)
      #expect(report.totals.received == limit)
      #expect(try written.count == Int(limit))
    }

    @Test func cutPacketsKeepTheirOriginalLength() throws {
      let packet = FilePacket(
        Array(packet("eth / ipv4 / udp / 500B").prefix(64)), at: 7, originalLength: 542)
      try writeCapture(folder.place("a.pcap"), [packet])
      let report = try replay(Self.forwarding, options(["a": [folder.place("a.pcap")]]))
      #expect(try written == [packet])
      #expect(report.totals.receivedBytes == 542)
    }

    @Test(arguments: [0, 1, 9600, 9601, 65_535, 262_144])
    func packetsOfAnySizePass(length: Int) throws {
      let packets = [60, length, 61].map { FilePacket([UInt8](repeating: 7, count: $0), at: 1000) }
      try writeCapture(folder.place("a.pcap"), packets)
      _ = try replay(Self.forwarding, options(["a": [folder.place("a.pcap")]]))
      #expect(try written == packets)
    }
  }
}
