// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// `seeds FOLDER FILE...`: makes what the fuzzers begin with, in a folder for each target, out of
/// captures, pipeline files, documentation and tests; and words that libFuzzer shall try.
@main
struct Seeds {
  private var parser: SeedFolder
  private var expression: SeedFolder
  private var capture: SeedFolder
  private var pipelineFile: SeedFolder
  private var rules: SeedFolder
  private var tunnels: SeedFolder
  /// Conditions that are to be in files of rules.
  private var conditions: [String] = []

  static func main() {
    var seeds = Seeds(in: CommandLine.arguments[1])
    seeds.addSamples()
    for path in CommandLine.arguments.dropFirst(2) { seeds.add(path) }
    seeds.addRules()
    seeds.writeDictionaries()
  }

  private init(in folder: String) {
    parser = SeedFolder(folder, "parser")
    expression = SeedFolder(folder, "expression")
    capture = SeedFolder(folder, "capture")
    pipelineFile = SeedFolder(folder, "pipeline-file")
    rules = SeedFolder(folder, "rules")
    tunnels = SeedFolder(folder, "tunnels")
  }

  private mutating func addSamples() {
    for sample in PacketSamples.all {
      for isCut in [false, true] {
        parser.add(FuzzedPacket.input(sample.bytes, isCut: isCut, link: sample.link))
      }
    }
    for sample in PacketSamples.all + TunnelSamples.all + RDMASamples.all
    where sample.link == .ethernet {
      addTunnels(sample.bytes)
    }
    for finding in PacketFinding.all { parser.add(finding.input) }
    for finding in CaptureFinding.all { capture.add(finding.file) }
    for file in CaptureSamples.all { capture.add(file) }
  }

  private mutating func add(_ path: String) {
    let bytes = contents(of: path)
    switch path.split(separator: ".").last {
    case "pcap", "cap", "pcapng": addCapture(path, bytes)
    case "yaml":
      let text = SeedText(bytes)
      pipelineFile.add(bytes)
      addConditions(text.quoted + text.conditions)
    default:
      let text = SeedText(bytes)
      for block in text.blocks { pipelineFile.add(Array(block.utf8)) }
      addConditions(text.quoted + text.conditions)
    }
  }

  /// The beginning of a large capture stands for the rest.
  private mutating func addCapture(_ path: String, _ bytes: [UInt8]) {
    capture.add(Array(bytes.prefix(2048)))
    for packet in CaptureSamples.packets(of: path, most: 100) { parser.add(packet) }
    for packet in CaptureSamples.packets(of: path, most: 10)
    where packet.first == LinkType.ethernet.rawValue {
      addTunnels(Array(packet.dropFirst(FuzzedPacket.prefixLength)))
    }
  }

  /// The packet for each of the pipelines that the target has, in buffers of any length.
  private mutating func addTunnels(_ packet: [UInt8]) {
    for pipeline in 0..<12 as Range<UInt8> {
      tunnels.add([pipeline, pipeline & 1 == 0 ? 3 : UInt8(packet.count & 3), 0] + packet)
    }
  }

  /// Files of a few rules each, as tables and as lists.
  private mutating func addRules() {
    let ends = ["class: a", "drop: no", "send: tap", "jump: slow", "class: b, priority: 3"]
    for start in stride(from: 0, to: conditions.count, by: 9) {
      let some = conditions[start..<min(start + 9, conditions.count)]
      let rows = some.enumerated().map { "\"\($1)\",\($0 % 3),\(["a", "b", ""][$0 % 3])\n" }
      rules.add(Array(("0match,priority,class\n" + rows.joined()).utf8))
      let items = some.enumerated().map { "- {match: '\($1)', \(ends[$0 % ends.count])}\n" }
      rules.add(Array(("1" + items.joined()).utf8))
    }
  }

  private mutating func addConditions(_ candidates: [String]) {
    for candidate in candidates where (try? Expression.parse(candidate)) != nil {
      expression.add(Array(candidate.utf8))
      if !candidate.contains(where: { "\"'\n".contains($0) }) { conditions.append(candidate) }
    }
  }

  private func writeDictionaries() {
    let names =
      FieldTable.all.map(\.name) + FieldTable.protocols.map(\.name)
      + FieldTable.all.flatMap { $0.kind.names?.entries.map(\.name) ?? [] }
    let signs = FieldRelation.allCases.map(\.rawValue) + ["and", "or", "not", "&", "..", "true"]
    expression.writeDictionary(names + signs)
    let keys = ["match", "priority", "class", "drop", "send", "jump", "set", "tap", "slow", "id"]
    rules.writeDictionary(names + signs + keys + [": ", "- {", ", ", "\"", "'", "#"])
    let words = pipelineFile.all.flatMap { SeedText($0).words }
    pipelineFile.writeDictionary(
      words + ["{}", "[]", ": ", "- ", "${", "'", "\"", "---", "|", ">"])
  }
}
