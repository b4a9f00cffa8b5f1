// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Configuration
import DPDK
import Pipeline
import Settings
import Testing

@testable import Runtime

@Suite struct NICPlanTests {
  @Test func pipelinesComeBeforeThoseTheyJumpTo() throws {
    let plan = try plan(
      """
      sluice: 1
      ports: {a: "null:", b: "null:"}
      pipelines:
        last: {stages: [send: b]}
        middle: {stages: [jump: last]}
        first: {input: a, stages: [{jump: last, when: arp}, jump: middle]}
      """)
    #expect(plan.pipelines.map(\.name) == ["first", "middle", "last"])
  }

  @Test func pipelinesWithoutJumpsKeepTheirOrder() throws {
    let plan = try plan(
      """
      sluice: 1
      ports: {a: "null:", b: "null:", c: "null:"}
      pipelines:
        z: {input: a, stages: [send: b]}
        y: {input: b, stages: [send: c]}
        x: {input: c, stages: [send: a]}
      """)
    #expect(plan.pipelines.map(\.name) == ["z", "y", "x"])
  }

  @Test func everyJumpGoesForwardInRandomFiles() throws {
    var generator = SplitMix64(seed: 3)
    for _ in 0..<50 {
      let names = (0..<12).map { "p\($0)" }
      let order = names.shuffled(using: &generator)
      let texts = names.map { name -> String in
        let place = order.firstIndex(of: name) ?? 0
        let jumps = order[(place + 1)...].filter { _ in Bool.random(using: &generator) }
        let stages = jumps.map { "{jump: \($0), when: udp}" } + ["drop"]
        return "  \(name): {input: i\(name), stages: [\(stages.joined(separator: ", "))]}"
      }
      let ports = names.map { "  i\($0): \"null:\"" }
      let plan = try plan(
        "sluice: 1\nports:\n\(ports.joined(separator: "\n"))\n"
          + "pipelines:\n\(texts.joined(separator: "\n"))\n")
      let indices = plan.pipelineIndices
      for (index, section) in plan.sections.enumerated() {
        for reference in section.stages.flatMap(\.references) where reference.kind == .pipeline {
          #expect(Int(try #require(indices[reference.name]).value) > index)
        }
      }
    }
  }

  @Test func portsKnowTheirEntryAndWhetherAnybodySendsToThem() throws {
    let plan = try plan(
      """
      sluice: 1
      ports: {out: "null:", in: "null:", tap: "null:"}
      pipelines:
        side: {stages: [send: out]}
        main: {input: in, stages: [{mirror: tap}, jump: side]}
      """)
    #expect(plan.ports.map(\.name) == ["out", "in", "tap"])
    #expect(plan.ports.map { $0.entry?.value } == [nil, 0, nil])
    #expect(plan.ports.map(\.isOutput) == [true, false, true])
  }

  @Test func severalPortsMayEnterOnePipeline() throws {
    let plan = try plan(
      """
      sluice: 1
      ports: {a: "null:", b: "null:"}
      pipelines: {main: {input: [a, b], stages: [send: a]}}
      """)
    #expect(plan.ports.map { $0.entry?.value } == [0, 0])
  }

  @Test func labelsTellStagesApart() throws {
    let plan = try plan(
      """
      sluice: 1
      ports: {a: "null:"}
      pipelines:
        main:
          input: a
          stages:
            - count: x
            - parse
            - {count: y, id: why}
            - count: z
            - send: a
      """)
    let labels = ["count-1", "parse", "why", "count-3", "send"].map { "main/\($0)" }
    #expect(plan.stageLabels == labels)
    #expect(Set(plan.stageLabels).count == plan.stageLabels.count)
  }

  @Test(arguments: [
    ("ports", 64), ("pipelines", 64), ("stages", 4096),
  ])
  func fileMayHaveSoManyAndNoMore(what: String, limit: Int) throws {
    func text(_ count: Int) -> String {
      let ports = (0..<(what == "ports" ? count : 1)).map { "  i\($0): \"null:\"" }
      let pipelines = what == "pipelines" ? count : 1
      let stages = what == "stages" ? count : 1
      let texts = (0..<pipelines).map { index in
        let last = index + 1 < pipelines ? "jump: p\(index + 1)" : "send: i0"
        let input = index == 0 ? "input: i0, " : ""
        let others = Array(repeating: "parse", count: stages - 1)
        return "  p\(index): {\(input)stages: [\((others + [last]).joined(separator: ", "))]}"
      }
      return "sluice: 1\nports:\n\(ports.joined(separator: "\n"))\n"
        + "pipelines:\n\(texts.joined(separator: "\n"))\n"
    }
    #expect(try plan(text(limit)).ports.count > 0)
    let errors = load(text(limit + 1)).diagnostics.filter { $0.severity == .error }
    let message = "the file has \(limit + 1) \(what), and at most \(limit) are possible"
    #expect(errors.map(\.message) == [message])
  }

  @Test func readingHeadersThatNobodyFoundIsWarnedOf() throws {
    let plan = try plan(
      """
      sluice: 1
      ports: {a: "null:"}
      pipelines:
        main: {input: a, stages: [jump: side]}
        side: {stages: [{count: x, when: udp}, send: a]}
      """)
    let problems = plan.stageProblems()
    #expect(problems.map(\.severity) == [.warning])
    #expect(problems.first?.message.contains("no 'parse' comes before it") ?? false)
  }

  @Test func parsedPipelinesAreNotWarnedOf() throws {
    let plan = try plan(
      """
      sluice: 1
      ports: {a: "null:"}
      pipelines:
        main: {input: a, stages: [parse, jump: side]}
        side: {stages: [{count: x, when: udp}, send: a]}
      """)
    #expect(plan.stageProblems().isEmpty)
  }

  @Test func everyStagesExampleIsGood() throws {
    for description in StageRegistry.standard.descriptions {
      let items = ["- parse"] + description.example.split(separator: "\n").map(String.init)
      let stages = (items + ["- {jump: control, when: arp}"]).map { "      \($0)\n" }.joined()
      let text =
        "sluice: 1\nports: {in: \"null:\", host: \"null:\", monitor: \"null:\", wire: \"null:\"}\n"
        + "pipelines:\n  main:\n    input: in\n    stages:\n" + stages
        + "  control: {stages: [send: host]}\n"
      let errors = load(text).diagnostics.filter { $0.severity == .error }
      #expect(errors.map(\.message) == [], "\(description.name)")
    }
  }

  @Test func poolsHoldWhatQueuesAndWorkersNeed() throws {
    let plan = try plan(
      """
      sluice: 1
      ports:
        a: {device: "null:", receive-descriptors: 512, queues: 2}
        b: {device: "null:", mtu: 9000}
      pipelines: {main: {input: a, stages: [send: b]}}
      """)
    let (sizes, byPort) = plan.poolSizes(workers: 2)
    #expect(byPort == [0, 1])
    #expect(sizes[0].packets >= 2 * 512)
    #expect(sizes[1].dataRoom > 9000)
    #expect(sizes[0].dataRoom < sizes[1].dataRoom)
  }

  @Test func poolThatAPortHasForItselfIsAmongTheMemory() throws {
    func need(_ device: String) throws -> MemoryNeed {
      try plan(
        """
        sluice: 1
        ports: {a: {device: "\(device)", queues: 2, mtu: 9000}}
        pipelines: {main: {input: a, stages: [send: a]}}
        """
      ).memoryNeed(workers: 1)
    }
    let shared = try need("null:")
    // As much as fits into a page.
    let own = PacketPool.memory(packets: 2 * 8191, dataRoom: 3840)
    #expect(try need("af_xdp:nosuch0") == shared + own)
  }

  @Test func numaNodeOfTheFileIsThatOfThePool() throws {
    let plan = try plan(
      """
      sluice: 1
      ports: {a: {device: "null:", numa-node: 3}, b: "null:"}
      pipelines: {main: {input: a, stages: [send: b]}}
      """)
    #expect(plan.poolSizes(workers: 1).sizes.map(\.numaNode) == [3, nil])
  }

  @Test func numaNodeThatTheMachineLacksIsAnErrorAtItsPlace() throws {
    let plan = try plan(
      """
      sluice: 1
      ports: {a: {device: "null:", numa-node: 1023}}
      pipelines: {main: {input: a, stages: [send: a]}}
      """)
    let problem = try #require(plan.machineProblems().first)
    #expect(problem.message == "port 'a': this machine has no NUMA node 1023")
    #expect(problem.location.line == 2 && problem.location.column == 41)
    #expect(plan.deviceProblems().isEmpty && plan.stageProblems().isEmpty)
  }

  @Test(arguments: [
    (
      "pcap:out=x.pcap", "port 'a': the port receives, but its device names no file to receive from"
    ),
    ("pcap:x.pcap", "port 'a': one capture file cannot be both received from and sent to"),
  ])
  func deviceThatCannotDoWhatThePipelinesWantIsAnErrorAtItsPlace(
    device: String, message: String
  ) throws {
    let plan = try plan(
      """
      sluice: 1
      ports: {a: "\(device)"}
      pipelines: {main: {input: a, stages: [send: a]}}
      """)
    let problem = try #require(plan.deviceProblems().first)
    #expect(problem.message == message)
    #expect(problem.location.line == 2 && problem.location.column == 12)
    #expect(problem.fix != nil)
  }

  @Test func serversOfSocketsAreOpenedFirstAndWaitingPortsLast() throws {
    let plan = try plan(
      """
      sluice: 1
      ports:
        a: "virtio_user:/v,server"
        b: "memif:/m,role=client"
        c: "null:"
        d: "memif:/m,role=server"
      pipelines: {main: {input: [a, b, c, d], stages: [drop]}}
      """)
    #expect(plan.openingOrder == [3, 1, 2, 0])
  }

  @Test func portsWithOneDeviceAreAnErrorOfTheFile() {
    let loaded = load(
      """
      sluice: 1
      ports:
        a: "vhost:/v"
        b: "vhost:/./v"
      pipelines: {main: {input: [a, b], stages: [drop]}}
      """)
    let errors = loaded.diagnostics.filter { $0.severity == .error }
    #expect(
      errors.map(\.message)
        == ["port 'b' cannot be server of socket /v: port 'a' is it already"])
    #expect(errors.first?.location.line == 4)
    #expect(errors.first?.note?.location.line == 3)
  }

  @Test func fileSaysHowManyBuffersThereAre() throws {
    let plan = try plan(
      """
      sluice: 1
      packets: 5000
      ports: {a: "null:"}
      pipelines: {main: {input: a, stages: [send: a]}}
      """)
    #expect(plan.poolSizes(workers: 4).sizes.map(\.packets) == [5000])
  }
}
