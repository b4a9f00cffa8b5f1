// SPDX-License-Identifier: BSD-3-Clause
import Pipeline
public import Settings
import Spelling
import Wire

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
  public func stageProblems() -> [Diagnostic] { review().diagnostics }

  /// What a check tells of the file beyond what stands in it.
  public struct Review: Sendable {
    public var diagnostics: [Diagnostic] = []
    /// How stages were built, for those that have something to say.
    public var explanations: [(stage: String, lines: [String])] = []
  }

  /// Builds every stage without running it.
  public func review() -> Review {
    let context = checkContext(of: workersWritten)
    context.wantsWarnings = true
    var review = Review()
    for stage in ownStages {
      let section = stage.section
      if let error = stage.plan.type.problem(with: stage.plan.settings, in: context) {
        review.diagnostics.append(
          section.settings.diagnostic(for: error, elsewhere: section.location))
      }
      let lines = context.takeExplanations()
      if !lines.isEmpty { review.explanations.append((stage.label, lines)) }
    }
    review.diagnostics +=
      context.warnings + unparsedReads() + unknownClasses(context.givenClasses) + fileProblems()
      + (simulation?.problems ?? []) + telemetryProblems()
      + telemetryWarnings()
    return review
  }

  /// Conditions that ask for a class which no stage gives.
  private func unknownClasses(_ given: Set<TrafficClass>) -> [Diagnostic] {
    let names = given.map(\.name)
    return sections.flatMap(\.stages).flatMap { stage -> [Diagnostic] in
      let asked = stage.condition?.trafficClasses ?? []
      return asked.subtracting(given).subtracting([.none]).map { missing in
        let meant = Spelling.nearest(to: missing.name, among: names)
        return Diagnostic(
          .warning, at: stage.conditionLocation ?? stage.location,
          "no stage gives packets the class '\(missing.name)'",
          fix: meant.map { "did you mean '\($0)'?" }
            ?? "give it by a rule of 'classify', or correct the name")
      }
    }
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
