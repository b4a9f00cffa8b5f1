// SPDX-License-Identifier: BSD-3-Clause
import Configuration
import Settings
import Testing

@Suite struct PipelineFileTests {
  static let good = """
    sluice: 1
    workers: 2
    poll: adaptive
    parameters:
      uplink: "null:"
      limit: {default: 400KB, help: Where marking begins}
    ports:
      wire: ${uplink}
      host: {device: "pcap:out/${limit}.pcap", mtu: 9000}
    pipelines:
      ingress:
        input: wire
        stages:
          - parse
          - count: seen
          - classify:
              rules:
                - {match: "udp.dst == 4791", class: control}
                - {match: "ip.src in 10.9.0.0/16", source: 10.9.0.0/16, output: host}
          - queue:
              id: egress
              rate: 100Gbps
              capacity: 12MB
              mark: {curve: step, min: "${limit}", probability: 20%}
            when: ip.dscp == 26
          - mirror: {ports: [host, wire]}
            id: copy
          - jump: slow
            when: udp
          - send: host
      slow:
        stages:
          - drop
    """

  func load(_ text: String, _ parameters: [String: String] = [:]) -> LoadedPipelineFile {
    PipelineFile.load(
      text: text, name: "test.yaml", parameters: parameters, catalog: .sample)
  }

  @Test func aGoodFileHasNoDiagnostics() {
    let loaded = load(PipelineFileTests.good)
    #expect(loaded.diagnostics.map(\.description) == [])
    #expect(loaded.file != nil)
  }

  @Test func engineSettingsStandAtTheTop() throws {
    let file = try #require(load(PipelineFileTests.good).file)
    #expect(file.engine[Setting<Int>.integer("workers", "")] == 2)
    #expect(file.engine[Setting<String>.text("poll", "")] == "adaptive")
  }

  @Test func portsAreADeviceOrAMapping() throws {
    let file = try #require(load(PipelineFileTests.good).file)
    #expect(file.ports.map(\.name) == ["wire", "host"])
    #expect(file.ports.map(\.device) == ["null:", "pcap:out/400KB.pcap"])
    #expect(file.ports.map { $0.settings[Setting<Int>.integer("mtu", "")] } == [1500, 9000])
  }

  @Test func stagesKeepTheirOrderIdsAndConditions() throws {
    let file = try #require(load(PipelineFileTests.good).file)
    let stages = try #require(file.pipelines.first).stages
    #expect(
      stages.map(\.name) == [
        "parse", "count", "classify", "queue", "mirror", "jump", "send",
      ])
    #expect(stages.map(\.id) == [nil, nil, nil, "egress", "copy", nil, nil])
    #expect(
      stages.map { $0.condition?.text } == [nil, nil, nil, "ip.dscp == 26", nil, "udp", nil])
  }

  @Test func settingsHaveTheirUnitsAndDefaults() throws {
    let file = try #require(load(PipelineFileTests.good).file)
    let queue = try #require(file.pipelines.first).stages[3].settings
    #expect(queue[Setting<Double>.bitRate("rate", "")] == 100e9)
    #expect(queue[Setting<Int>.size("capacity", "")] == 12_000_000)
    #expect(queue[Setting<UInt64?>.duration("idle", "")] == nil)
    let mark = try #require(queue[Setting<SettingValues?>.record("mark", [], "")])
    #expect(mark[Setting<Int>.size("min", "")] == 400_000)
    #expect(mark[Setting<Double>.share("probability", "")] == 0.2)
    #expect(queue.given == ["rate", "capacity", "mark"])
  }

  @Test func referencesAreFoundByTheKindOfSetting() throws {
    let file = try #require(load(PipelineFileTests.good).file)
    let stages = try #require(file.pipelines.first).stages
    #expect(
      stages.map { $0.references.map(\.name) } == [
        [], [], ["host"], [], ["host", "wire"], ["slow"], ["host"],
      ])
  }

  @Test func aSetValueReplacesTheDefault() throws {
    let file = try #require(load(PipelineFileTests.good, ["uplink": "ring:a"]).file)
    #expect(file.ports.first?.device == "ring:a")
  }

  @Test func anEscapedParameterIsPlainText() throws {
    let text = """
      sluice: 1
      ports: {a: "pcap:$${x}$.pcap"}
      pipelines: {p: {input: a, stages: [drop]}}
      """
    #expect(try #require(load(text).file).ports.first?.device == "pcap:${x}$.pcap")
  }

  @Test func parametersAreListedInTheirOrder() {
    let parameters = load(PipelineFileTests.good).parameters
    #expect(parameters.map(\.name) == ["uplink", "limit"])
    #expect(parameters.map(\.defaultValue) == ["null:", "400KB"])
    #expect(parameters.map(\.help) == [nil, "Where marking begins"])
  }

  @Test(arguments: ["\n", "\r\n", "\r"])
  func lineBreaksOfAllSystemsGiveTheSamePlaces(_ lineBreak: String) {
    let lines = ["sluice: 1", "ports: {a: \"null:\"}", "wrong: 1"]
    let loaded = load(lines.joined(separator: lineBreak))
    #expect(loaded.diagnostics.contains { $0.location.line == 3 && $0.location.column == 1 })
    #expect(loaded.diagnostics.contains { $0.text().contains("\n  wrong: 1\n  ^~~~~\n") })
  }
}
