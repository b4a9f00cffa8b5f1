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

  static func main() {
    var seeds = Seeds(in: CommandLine.arguments[1])
    seeds.addSamples()
    for path in CommandLine.arguments.dropFirst(2) { seeds.add(path) }
    seeds.writeDictionaries()
  }

  private init(in folder: String) {
    parser = SeedFolder(folder, "parser")
    expression = SeedFolder(folder, "expression")
    capture = SeedFolder(folder, "capture")
    pipelineFile = SeedFolder(folder, "pipeline-file")
  }

  private mutating func addSamples() {
    for sample in PacketSamples.all {
      for isCut in [false, true] {
        parser.add(FuzzedPacket.input(sample.bytes, isCut: isCut, link: sample.link))
      }
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
  }

  private mutating func addConditions(_ candidates: [String]) {
    for candidate in candidates where (try? Expression.parse(candidate)) != nil {
      expression.add(Array(candidate.utf8))
    }
  }

  private func writeDictionaries() {
    let names =
      FieldTable.all.map(\.name) + FieldTable.protocols.map(\.name)
      + FieldTable.all.flatMap { $0.kind.names?.entries.map(\.name) ?? [] }
    let signs = FieldRelation.allCases.map(\.rawValue) + ["and", "or", "not", "&", "..", "true"]
    expression.writeDictionary(names + signs)
    let words = pipelineFile.all.flatMap { SeedText($0).words }
    pipelineFile.writeDictionary(
      words + ["{}", "[]", ": ", "- ", "${", "'", "\"", "---", "|", ">"])
  }
}
