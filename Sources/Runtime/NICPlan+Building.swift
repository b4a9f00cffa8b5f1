// SPDX-License-Identifier: BSD-3-Clause
import Configuration
import Pipeline
import Settings

extension NICPlan {
  var seed: UInt64 { UInt64(file.engine[EngineSettings.seed]) }

  /// By the stages' numbers: `ingress/parse`.
  var stageLabels: [String] {
    pipelines.flatMap { pipeline in pipeline.stages.map { "\(pipeline.name)/\($0.label)" } }
  }

  /// A stage with its part of the file.
  struct OwnStage {
    let plan: StagePlan
    let section: StageSection
    /// `ingress/parse`.
    let label: String
  }

  /// Every stage once: a shared one at its first place.
  var ownStages: [OwnStage] {
    var shared: Set<String> = []
    return zip(pipelines, sections).flatMap { pipeline, section in
      zip(pipeline.stages, section.stages).compactMap { stage, part in
        if let name = stage.shared, !shared.insert(name).inserted { return nil }
        return OwnStage(plan: stage, section: part, label: "\(pipeline.name)/\(stage.label)")
      }
    }
  }

  /// Builds one worker's pipelines; a stage that refuses its settings becomes a diagnostic.
  func makeSet(
    _ context: StageContext, outputs: [Output], drops: Output? = nil
  ) throws(RuntimeError) -> PipelineSet {
    do throws(StageBuildError) {
      return try PipelineSet(pipelines, context, outputs: outputs, drops: drops)
    } catch {
      throw .usage([diagnostic(for: error)])
    }
  }

  private func diagnostic(for error: StageBuildError) -> Diagnostic {
    let section = sections[error.pipeline].stages[error.stage]
    return section.settings.diagnostic(for: error.error, elsewhere: section.location)
  }
}
