// SPDX-License-Identifier: BSD-3-Clause
import Settings

/// `sluice completions`: scripts that make a shell complete commands, options and values.
enum CompletionsCommand: Command {
  static let name = "completions"
  static let summary = "Prints a completion script for a shell."
  static let arguments = [Argument(name: "SHELL", help: "bash, zsh or fish")]
  static let options: [any SettingDeclaration] = []
  static let example = "source <(sluice completions bash)"

  static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
    let stages = invocation.registry.descriptions.map(\.name)
    switch invocation.word(0) {
    case "bash": Terminal.print(BashCompletions(stages: stages).script)
    case "zsh": Terminal.print(ZshCompletions(stages: stages).script)
    case "fish": Terminal.print(FishCompletions(stages: stages).script)
    default: throw invocation.mistake("expected bash, zsh or fish")
    }
    return .success
  }
}

/// What can be offered for a word of a command line.
enum Completion {
  /// One of these.
  case words([String])
  case file
  /// `port=file`: from behind the `=` on, a file.
  case portFile
  /// A number, or a text of the user's own.
  case nothing

  /// For the value of an option; nil for one that has none.
  init?(valueOf option: any SettingDeclaration) {
    switch option.kind {
    case .boolean: return nil
    case .choice(let names): self = .words(names)
    case .path: self = .file
    case .list(.text) where option.name != SharedOptions.set.name: self = .portFile
    default: self = .nothing
    }
  }

  /// For what a command takes beside its options.
  init(argumentOf command: any Command.Type, stages: [String]) {
    switch command.arguments.first?.name {
    case "NAME": self = .words(stages)
    case "SHELL": self = .words(["bash", "zsh", "fish"])
    case nil: self = .nothing
    default: self = .file
    }
  }
}
