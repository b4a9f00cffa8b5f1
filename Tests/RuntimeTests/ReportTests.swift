// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Pipeline
import Testing

@testable import Runtime

@Suite struct ReportTests {
  @Test func textIsAsPeopleReadIt() { #expect(sample.text == sampleText) }

  @Test func jsonHoldsTheSame() {
    let text = sample.json.text(pretty: false)
    for part in [
      #""command":"replay""#, #""receivedPackets":1200"#, #""balances":true"#,
      #""figures":{"seen packets":7}"#, #""missing":0"#, #""succeeded":false"#,
    ] { #expect(text.contains(part), "\(part) in \(text)") }
  }

  @Test func everyPacketMustBeAccountedFor() {
    var report = sample
    report.problems = []
    report.totals.sent -= 1
    report.pool.missing = 2
    report.checkBalance()
    #expect(report.problems.count == 2)
    #expect(!report.succeeded)
  }

  @Test func balancedReportSucceeds() {
    var report = sample
    report.problems = []
    report.checkBalance()
    #expect(report.succeeded)
  }

  @Test func packetsThatAnotherWorkerCouldNotSendAreDropped() {
    var report = sample
    let unsent: [Report.Unsent] = [
      .init(port: PortIndex(1), packets: 3, bytes: 300),
      .init(port: PortIndex(1), packets: 4, bytes: 700),
    ]
    report.addUnsent(unsent, DropReasons())
    #expect(report.ports[1].counters.sentPackets == 1193)
    #expect(report.ports[1].counters.sentBytes == 117_000)
    #expect(report.totals.sent == 1193)
    #expect(report.totals.sentBytes == 117_000)
    #expect(report.drops.first { $0.reason == "output-full" }?.packets == 7)
    #expect(report.totals.balances)
  }

  @Test func nothingAtAllMakesAReportToo() {
    let report = Report(
      command: "run", file: "x.yaml", seconds: 0, memory: "ordinary memory", workers: 0,
      pool: .init(packets: 0, missing: 0))
    #expect(report.text.contains("no time passed"))
    #expect(report.totals.balances)
  }
}

private let sample: Report = {
  var report = Report(
    command: "replay", file: "x.yaml", seconds: 0.5, memory: "ordinary memory", workers: 1,
    pool: .init(packets: 2048, missing: 0))
  report.captureSeconds = 2
  var wire = PortCounters()
  (wire.receivedPackets, wire.receivedBytes) = (1200, 120_000)
  var host = PortCounters()
  (host.sentPackets, host.sentBytes) = (1200, 118_000)
  report.ports = [
    .init(name: "wire", device: "pcap:a.pcap", counters: wire),
    .init(
      name: "host", device: "null:", counters: host,
      driver: .init(missed: 5, receiveErrors: 0, noBuffer: 0, sendErrors: 1)),
  ]
  var parse = StageCounters()
  (parse.packets, parse.dropped, parse.bursts) = (1200, 10, 20)
  (parse.timedPackets, parse.timedCycles) = (120, 3000)
  var count = StageCounters()
  (count.packets, count.bursts, count.timedPackets, count.timedCycles) = (7, 3, 7, 700)
  report.pipelines = [
    .init(
      name: "main",
      stages: [
        .init(label: "parse", stage: "parse", counters: parse, figures: []),
        .init(
          label: "seen", stage: "count", condition: "udp", counters: count,
          figures: [StageFigure("seen packets", 7)]),
        .init(label: "send", stage: "send", counters: StageCounters(), figures: []),
      ])
  ]
  report.drops = [.init(reason: "ipv4.header-cut", packets: 10)]
  report.totals = .init(
    received: 1200, receivedBytes: 120_000, made: 10, sent: 1200, sentBytes: 118_000, dropped: 10)
  report.pacing = .init(asked: "1.0x", meanLateness: 2e-6, maximumLateness: 0.001)
  report.notes = ["something to know"]
  report.problems = ["something bad"]
  return report
}()

private let sampleText = """
  replay x.yaml: 500 ms, 1 worker, ordinary memory

  port  received           sent          device
  wire     1,200  120 KB      0     0 B  pcap:a.pcap
  host         0     0 B  1,200  118 KB  null:
    host: 5 missed: receive queue full, 1 send errors

  main              packets  dropped  bursts  cycles/packet
    parse             1,200       10      20           25.0
    seen                  7        0       3          100.0  when udp
      seen packets        7
    send                  0        0       0              -

  drops
    ipv4.header-cut  10

  1,200 received + 10 made = 1,200 sent + 10 dropped
  2.40 Kpps, 1.92 Mbit/s (the captures span 2 s)
  paced at 1.0x: late by 2 us on average, 1 ms at most
  note: something to know

  """
