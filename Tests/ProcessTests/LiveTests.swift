// SPDX-License-Identifier: BSD-3-Clause
import RunningSluice
import Testing

/// The pipelines of golden cases over real drivers of DPDK, without hugepages.
struct LiveTests {
  let bench = Workbench()

  @Test(
    arguments: [
      "set-ip", "set-ipv4-addresses", "set-ipv6-addresses", "set-tcp", "vlan-push",
      "vlan-pop-twice", "conditions", "capture-stage",
    ], ["busy", "adaptive"])
  func captureDriversSendWhatReplayWrites(name: String, poll: String) {
    let golden = "\(Workbench.golden)/Cases/\(name)/pipeline.yaml"
    let pipeline = Folder.text(of: golden).replacing(
      #"wire: "null:", host: "null:""#,
      with: #"wire: "pcap:in=Inputs/mixed.pcap", host: "pcap:out=host.pcap""#)
    bench.folder.write("poll: \(poll)\nhugepages: never\n" + pipeline, to: "pipeline.yaml")

    let run = bench.sluice("run pipeline.yaml --packets 26 --json")

    #expect(run.wait() == .status(0), "\(run.errors)")
    #expect(run.faults == [])
    #expect(bench.packets("host.pcap").map(\.bytes) == Workbench.expected(name))
  }

  @Test(arguments: [("rc_write_ce", "rc-write-ce", 282), ("rc_ops_v6", "rc-ops-v6", 291)])
  func theFlagshipIsTheSameLiveAndInReplay(capture: String, name: String, packets: Int) {
    let run = bench.sluice(
      "run Pipelines/flagship.yaml --packets \(packets) --json"
        + " --set wire=pcap:in=Pcaps/\(capture).pcap --set host=pcap:out=host.pcap"
        + " --set monitor=pcap:out=monitor.pcap")
    #expect(run.wait() == .status(0), "\(run.errors)")
    #expect(run.faults == [])
    let golden = "flagship-\(name)"
    #expect(bench.packets("host.pcap").map(\.bytes) == Workbench.expected(golden))
    let monitor = Workbench.expected(golden, "monitor.pcapng")
    #expect(bench.packets("monitor.pcap").map(\.bytes) == monitor)
  }

  @Test(arguments: ["single", "chained"])
  func packetsOfNineThousandBytesPass(buffers: String) {
    bench.folder.write(
      """
      sluice: 1
      ports:
        wire: {device: "pcap:in=Inputs/jumbo.pcap", mtu: 9000, buffers: \(buffers)}
        host: {device: "pcap:out=host.pcap", mtu: 9000, buffers: \(buffers)}
      pipelines:
        ingress:
          input: wire
          stages:
            - parse
            - set: {ip.dst: 192.0.2.9}
            - send: host
      """, to: "jumbo.yaml")
    let run = bench.sluice("run jumbo.yaml --packets 4 --json")
    #expect(run.wait() == .status(0), "\(run.errors)")
    #expect(run.faults == [])
    #expect(bench.packets("host.pcap").map(\.bytes) == Workbench.expected("jumbo"))
  }

  @Test func aRingTakesPacketsFromOnePipelineToAnother() {
    bench.folder.write(
      """
      sluice: 1
      ports: {wire: "pcap:in=Inputs/mixed.pcap", loop: "ring:loop", host: "pcap:out=host.pcap"}
      pipelines:
        first:
          input: wire
          stages:
            - parse
            - set: {ip.ttl: 5}
            - send: loop
        second:
          input: loop
          stages:
            - parse
            - set: {ip.dscp: 26, ip.ecn: CE}
            - send: host
      """, to: "ring.yaml")
    let run = bench.sluice("run ring.yaml --packets 52 --json")
    #expect(run.wait() == .status(0), "\(run.errors)")
    #expect(run.faults == [])
    #expect(bench.packets("host.pcap").map(\.bytes) == Workbench.expected("set-ip"))
  }

  @Test(
    .enabled(if: Ability.processors >= 2, "this machine has one processor"),
    arguments: ["busy", "adaptive"])
  func twoWorkersShareQueuesAndOutputs(poll: String) throws {
    bench.folder.write(
      """
      sluice: 1
      workers: 2
      cores: [0, 1]
      poll: \(poll)
      ports:
        wire: {device: "null:size=128", queues: 2}
        loop: "ring:loop"
        host: "null:"
      pipelines:
        ingress:
          input: wire
          stages:
            - sample: 100
            - send: loop
              when: sampled
            - send: host
        again:
          input: loop
          stages:
            - count: looped
            - drop: done
      """, to: "two.yaml")
    let run = bench.sluice("run two.yaml --packets 200000 --json")
    #expect(run.wait() == .status(0), "\(run.errors)")
    #expect(run.faults == [])
    let figures = try #require(run.figures)
    #expect(figures["workers"] == "2")
    #expect(figures.number("ports[wire].receivedPackets") >= 190_000)
    #expect(figures.number("ports[loop].receivedPackets") == figures.number("drops[done].packets"))
    let bytes = figures.number("ports[wire].receivedBytes")
    #expect(bytes == 128 * figures.number("ports[wire].receivedPackets"))
  }

  @Test(arguments: [
    "packets: 65536\nports: {a: \"null:\", b: \"null:\"}",
    """
    ports: {a: {device: "null:", queues: 32}, b: {device: "null:", queues: 32}}
    """,
  ])
  func manyBuffersFitIntoOrdinaryMemory(ports: String) {
    bench.folder.write(
      """
      sluice: 1
      hugepages: never
      \(ports)
      pipelines: {p: {input: a, stages: [send: b]}, q: {input: b, stages: [send: a]}}
      """, to: "many.yaml")
    let run = bench.sluice("run many.yaml --packets 1000 --json")
    #expect(run.wait() == .status(0), "\(run.errors)")
    #expect(run.faults == [])
    #expect(run.figures?.number("pool.packets") ?? 0 >= 65_536)
  }

  @Test func aCoreThatTheMachineLacksIsAnErrorOfRunsOnly() {
    bench.write("cores.yaml", wire: "null:", host: "null:", top: "cores: [1023]")
    let run = bench.sluice("run cores.yaml --duration 1s")
    #expect(run.wait() == .status(2))
    #expect(run.errors.hasPrefix("cores.yaml:2:8: error: core 1023 is not available"))
    #expect(bench.sluice("check cores.yaml").wait() == .status(0))
  }
}
