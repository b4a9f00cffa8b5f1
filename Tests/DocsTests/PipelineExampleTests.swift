// SPDX-License-Identifier: BSD-3-Clause
import Configuration
import Pipeline
import Runtime
import Stages
import Testing

@Suite("Pipelines in the documentation")
struct PipelineExampleTests {
  private static let registry = StageRegistry(
    StandardStages.all + [StageType(DecrementTTL.self)])

  private static let blocks = Document.blocks("yaml").filter { !$0.words.contains("fragment") }

  /// Stages alone stand in a pipeline that has what they may name.
  private static func wholeFile(_ block: Document.Block) -> String {
    guard block.lines.first?.hasPrefix("- ") ?? false else { return block.text }
    let stages = block.lines.map { "      " + $0 + "\n" }.joined()
    return """
      sluice: 1
      ports: {wire: "null:", host: "null:", monitor: "null:"}
      pipelines:
        main:
          input: wire
          stages:
            - parse
            - sample: 10
            - mirror: monitor
      \(stages)      - jump: control
        control:
          stages:
            - send: host

      """
  }

  @Test(arguments: blocks)
  func everyExampleIsGood(_ block: Document.Block) throws {
    let loaded = PipelineFile.load(
      text: Self.wholeFile(block), name: "\(block)", catalog: FileCatalog(Self.registry))
    // A stage alone may well be one that lets nothing through.
    let isWhole = block.text.contains("sluice: 1")
    let complaints = loaded.diagnostics.filter { isWhole || $0.severity == .error }
    #expect(complaints.map { $0.text(colored: false) } == [])
    let file = try #require(loaded.file)
    let plan = NICPlan(file, path: "\(block)", registry: Self.registry)
    #expect(plan.stageProblems().map { $0.text(colored: false) } == [])
  }

  @Test(arguments: [
    "Pipelines/flagship.yaml", "Pipelines/null.yaml", "Pipelines/wire.yaml",
    "Examples/decrement-ttl/router.yaml",
  ])
  func everyPipelineOfTheRepositoryIsGood(_ path: String) {
    let loaded = PipelineFile.load(
      path: "\(Document.root)/\(path)", parameters: [:], catalog: FileCatalog(Self.registry))
    #expect(loaded.diagnostics.map { $0.text(colored: false) } == [])
  }
}
