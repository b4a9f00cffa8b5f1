// SPDX-License-Identifier: BSD-3-Clause
import Settings

/// Warns where packets fall off the end of a pipeline, and of stages that none can reach.
struct EndCheck {
  private let log: DiagnosticLog
  private let finalStages: Set<String>

  init(_ catalog: FileCatalog, _ log: DiagnosticLog) {
    self.log = log
    finalStages = Set(catalog.stages.filter(\.isFinal).map(\.name))
  }

  func run(_ pipelines: [PipelineSection]) {
    for pipeline in pipelines { run(pipeline) }
  }

  private func run(_ pipeline: PipelineSection) {
    guard let last = pipeline.stages.last else { return }
    guard let end = pipeline.stages.firstIndex(where: isEnd) else {
      log.warning(
        at: last.location,
        "packets that leave this stage have no verdict: they are dropped as 'no-verdict'",
        fix: "end the pipeline with one of \(finalStages.sorted().joined(separator: ", "))"
          + " without 'when'")
      return
    }
    guard end + 1 < pipeline.stages.count else { return }
    log.warning(
      at: pipeline.stages[end + 1].location,
      "no packet reaches this stage: '\(pipeline.stages[end].name)' before it lets none through",
      fix: "remove it, or narrow '\(pipeline.stages[end].name)' with 'when'")
  }

  private func isEnd(_ stage: StageSection) -> Bool {
    finalStages.contains(stage.name) && stage.conditionLocation == nil
  }
}
