// SPDX-License-Identifier: BSD-3-Clause
import Settings

/// `sluice completions`: scripts that make a shell complete commands and options.
enum CompletionsCommand: Command {
  static let name = "completions"
  static let summary = "Prints a completion script for a shell."
  static let arguments = [Argument(name: "SHELL", help: "bash, zsh or fish")]
  static let options: [any SettingDeclaration] = []
  static let example = "source <(sluice completions bash)"

  static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
    let stages = invocation.registry.descriptions.map(\.name).joined(separator: " ")
    switch invocation.word(0) {
    case "bash": Terminal.print(bash(stages))
    case "zsh": Terminal.print("autoload -U +X bashcompinit && bashcompinit\n" + bash(stages))
    case "fish": Terminal.print(fish(stages))
    default: throw invocation.mistake("expected bash, zsh or fish")
    }
    return .success
  }

  private static var commandNames: String {
    Sluice.commands.map { $0.name }.joined(separator: " ")
  }

  private static func bash(_ stages: String) -> String {
    let cases = Sluice.commands.map { command in
      let options = command.options.map { "--\($0.name)" } + ["--help"]
      return "    \(command.name)) words=\"\(options.joined(separator: " "))\" ;;"
    }
    return """
      _sluice() {
        local current=${COMP_WORDS[COMP_CWORD]} words=""
        if [ "$COMP_CWORD" -eq 1 ]; then
          COMPREPLY=($(compgen -W "\(commandNames) help" -- "$current"))
          return
        fi
        case ${COMP_WORDS[1]} in
      \(cases.joined(separator: "\n"))
        esac
        case $current in
          -*) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
          *) case ${COMP_WORDS[1]} in
              stages) COMPREPLY=($(compgen -W "\(stages)" -- "$current")) ;;
              completions) COMPREPLY=($(compgen -W "bash zsh fish" -- "$current")) ;;
              *) COMPREPLY=($(compgen -f -- "$current")) ;;
            esac ;;
        esac
      }
      complete -o filenames -F _sluice sluice
      """
  }

  private static func fish(_ stages: String) -> String {
    var lines = ["complete -c sluice -n __fish_use_subcommand -f"]
    for command in Sluice.commands {
      lines.append(
        "complete -c sluice -n __fish_use_subcommand -a \(command.name) "
          + "-d '\(quoted(command.summary))'")
      for option in command.options {
        lines.append(
          "complete -c sluice -n '__fish_seen_subcommand_from \(command.name)' "
            + "-l \(option.name) -d '\(quoted(option.help))'")
      }
    }
    lines.append("complete -c sluice -n '__fish_seen_subcommand_from stages' -f -a '\(stages)'")
    return lines.joined(separator: "\n")
  }

  private static func quoted(_ text: String) -> String {
    text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "\\'")
  }
}
