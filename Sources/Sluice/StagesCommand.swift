// SPDX-License-Identifier: BSD-3-Clause
import Configuration
import Presentation
import Settings

/// `sluice stages`: what a pipeline can be made of.
enum StagesCommand: Command {
  static let name = "stages"
  static let summary = "Lists the stages, or explains one with its settings and an example."
  static let arguments = [
    Argument(name: "NAME", help: "A stage; all of them when left out", isOptional: true)
  ]
  static var options: [any SettingDeclaration] { [markdown, SharedOptions.json] }
  static let example = "sluice stages set"

  static let markdown: Setting<Bool> = .boolean(
    "markdown", default: false, "Print pages for the documentation")

  static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
    var stages = invocation.registry.descriptions
    if let name = invocation.word(0) {
      stages = stages.filter { $0.name == name }
      if stages.isEmpty {
        let known = invocation.registry.descriptions.map(\.name)
        throw invocation.mistake(
          "unknown stage '\(name)'\(Suggestions.text(for: name, among: known))")
      }
    }
    if invocation[SharedOptions.json] {
      Terminal.print(JSON.array(stages.map(json)).text(pretty: true))
    } else if invocation[markdown] {
      Terminal.print(stages.map(StageReference.markdown).joined(separator: "\n"))
    } else if invocation.word(0) != nil {
      Terminal.print(stages.map(StageReference.text).joined())
    } else {
      var table = TextTable([.left, .left])
      for stage in stages { table.add(stage.name, stage.summary) }
      Terminal.print(table.lines().joined(separator: "\n"))
    }
    return .success
  }

  private static func json(_ stage: StageDescription) -> JSON {
    .object(present: [
      ("name", .string(stage.name)),
      ("summary", .string(stage.summary)),
      ("final", .boolean(stage.isFinal)),
      ("shorthand", stage.shorthand.map { .string($0) }),
      ("settings", .array(stage.settings.map(json))),
      ("example", .string(stage.example)),
    ])
  }

  private static func json(_ setting: any SettingDeclaration) -> JSON {
    let fallback: JSON? =
      if case .defaultValue(let text) = setting.presence { .string(text) } else { nil }
    return .object(present: [
      ("name", .string(setting.name)),
      ("value", .string("\(setting.kind)")),
      ("required", .boolean(setting.presence == .required)),
      ("default", fallback),
      ("help", .string(setting.help)),
    ])
  }
}
