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
  static var options: [any SettingDeclaration] { [SharedOptions.set, SharedOptions.json] }
  static let example = "sluice check Pipelines/flagship.yaml"

  static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
    let path = invocation.word(0) ?? "-"
    let loaded = PipelineFile.load(
      path: path, parameters: try invocation.parameters(),
      catalog: FileCatalog(invocation.registry))
    var diagnostics = loaded.diagnostics
    if let file = loaded.file {
      let plan = NICPlan(file, path: path, registry: invocation.registry)
      diagnostics += plan.stageProblems() + plan.deviceProblems()
    }
    let isGood = !diagnostics.contains { $0.severity == .error }
    if invocation[SharedOptions.json] {
      Terminal.print(json(diagnostics, isGood: isGood).text(pretty: true))
    } else {
      for diagnostic in diagnostics {
        Terminal.error(diagnostic.text(colored: Terminal.colorsErrors))
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

  private static func json(_ diagnostics: [Diagnostic], isGood: Bool) -> JSON {
    ["good": .boolean(isGood), "diagnostics": .array(diagnostics.map(\.json))]
  }
}
