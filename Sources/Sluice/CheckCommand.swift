// SPDX-License-Identifier: BSD-3-Clause
import Configuration
import Presentation
import Runtime
import Settings

/// `sluice check`: is the file right? Needs no ports and no privileges.
enum CheckCommand: Command {
  static let name = "check"
  static let summary = "Checks a pipeline file and tells everything that is wrong with it."
  static let arguments = [Argument(name: "FILE", help: "The pipeline file; - is standard input")]
  static var options: [any SettingDeclaration] { [explain, SharedOptions.set, SharedOptions.json] }
  static let example = "sluice check Pipelines/flagship.yaml --explain"

  static let explain: Setting<Bool> = .boolean(
    "explain", default: false, "Say how stages were built: which rules went into which table")

  static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
    let path = invocation.word(0) ?? "-"
    let loaded = PipelineFile.load(
      path: path, parameters: try invocation.parameters(),
      catalog: FileCatalog(invocation.registry))
    var diagnostics = loaded.diagnostics
    var explanations: [(stage: String, lines: [String])] = []
    if let file = loaded.file {
      let plan = NICPlan(file, path: path, registry: invocation.registry)
      let review = plan.review()
      diagnostics += review.diagnostics + plan.deviceProblems()
      if invocation[explain] { explanations = review.explanations }
    }
    let isGood = !diagnostics.contains { $0.severity == .error }
    if invocation[SharedOptions.json] {
      Terminal.print(json(diagnostics, explanations, isGood: isGood).text(pretty: true))
    } else {
      for diagnostic in diagnostics {
        Terminal.error(diagnostic.text(colored: Terminal.colorsErrors))
      }
      for (stage, lines) in explanations {
        Terminal.print(([stage + ":"] + lines.map { "  " + $0 }).joined(separator: "\n"))
      }
      if isGood, let file = loaded.file { Terminal.print(summary(of: file, path)) }
    }
    return isGood ? .success : .usage
  }

  private static func summary(of file: PipelineFile, _ path: String) -> String {
    let stages = file.pipelines.reduce(0) { $0 + $1.stages.count }
    return "\(path): good: "
      + [
        Figure.counted(file.ports.count, "port"), Figure.counted(file.pipelines.count, "pipeline"),
        Figure.counted(stages, "stage"),
      ].joined(separator: ", ")
  }

  private static func json(
    _ diagnostics: [Diagnostic], _ explanations: [(stage: String, lines: [String])], isGood: Bool
  ) -> JSON {
    [
      "good": .boolean(isGood), "diagnostics": .array(diagnostics.map(\.json)),
      "explanations": .array(
        explanations.map {
          ["stage": .string($0.stage), "lines": .array($0.lines.map { .string($0) })]
        }),
    ]
  }
}
