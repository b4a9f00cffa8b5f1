// SPDX-License-Identifier: BSD-3-Clause
import Pipeline
public import Settings

extension NICPlan {
  /// A complaint about a setting at the top level of the file.
  func diagnostic(
    _ setting: some SettingDeclaration, _ message: String, fix: String
  ) -> Diagnostic {
    Diagnostic(
      .error, at: file.engine.location(of: setting) ?? file.location, message, fix: fix)
  }

  /// What only the stages themselves can tell, conditions that nobody parsed packets for, and files
  /// that a run would destroy.
  public func stageProblems() -> [Diagnostic] {
    let context = checkContext()
    var diagnostics: [Diagnostic] = []
    for (plan, section) in zip(pipelines, sections) {
      for (stage, part) in zip(plan.stages, section.stages) {
        guard let error = stage.type.problem(with: stage.settings, in: context) else { continue }
        diagnostics.append(part.settings.diagnostic(for: error, elsewhere: part.location))
      }
    }
    return diagnostics + context.warnings + unparsedReads() + fileProblems()
  }

  /// Stages that read headers although packets can reach them without `parse`.
  private func unparsedReads() -> [Diagnostic] {
    var unparsed = Set(ports.compactMap { $0.entry.map { Int($0.value) } })
    var diagnostics: [Diagnostic] = []
    // Jumps only go forward, so one pass meets every pipeline after those that lead to it.
    for (index, plan) in pipelines.enumerated() where unparsed.contains(index) {
      for (stage, section) in zip(plan.stages, sections[index].stages) {
        if stage.type.headers == .reads || stage.condition != nil {
          diagnostics.append(
            Diagnostic(
              .warning, at: section.conditionLocation ?? section.location,
              "'\(stage.label)' reads headers, but no 'parse' comes before it",
              fix: "put '- parse' first in pipeline '\(plan.name)'"))
          break
        }
        if stage.type.headers == .fills { break }
        for reference in section.references where reference.kind == .pipeline {
          if let target = pipelineIndices[reference.name] { unparsed.insert(Int(target.value)) }
        }
      }
    }
    return diagnostics
  }
}
