// SPDX-License-Identifier: BSD-3-Clause
import Configuration
import Pipeline
import Runtime
import Settings
import Stages
import Testing

/// The pipelines that users begin with are as good as `sluice check` wants them.
@Suite struct PipelineFileTests {
  @Test(arguments: Repository.files(in: "Pipelines/", ".yaml"))
  func everyPipelinePassesTheCheck(_ file: RepositoryFile) throws {
    let registry = StageRegistry(StandardStages.all)
    let path = Repository.root.appending(path: file.path).path
    let loaded = PipelineFile.load(path: path, parameters: [:], catalog: FileCatalog(registry))
    let plan = loaded.file.map { NICPlan($0, path: path, registry: registry) }
    let diagnostics = loaded.diagnostics + (plan?.stageProblems() ?? [])
    #expect(diagnostics.map { $0.text(colored: false) } == [])
  }

  @Test func everyPipelineSaysHowToRunIt() {
    let files = Repository.files(in: "Pipelines/", ".yaml")
    let silent = files.filter { file in
      ["replay", "simulate"].allSatisfy { !file.text.contains("sluice \($0) \(file.path)") }
    }
    #expect(silent.map(\.path) == [])
  }
}
