// SPDX-License-Identifier: BSD-3-Clause
import Settings

/// The completion script for zsh: to be sourced, or to lie in `$fpath` under the name `_sluice`.
struct ZshCompletions {
  let stages: [String]

  var script: String {
    let names = Sluice.commands.map { "      '\($0.name):\(quoted($0.summary))'" }
    return """
      #compdef sluice
      compdef _sluice sluice
      _sluice_port_file() { compset -P '*=' && _files }
      _sluice() {
        local -a names=(
      \(names.joined(separator: "\n"))
        )
        if (( CURRENT == 2 )); then
          _describe command names
          return
        fi
        shift words
        (( CURRENT-- ))
        case $words[1] in
      \(Sluice.commands.map(arguments).joined(separator: "\n"))
        help) _describe command names ;;
        esac
      }
      if [ "$funcstack[1]" = _sluice ]; then _sluice "$@"; fi
      """
  }

  private func arguments(of command: any Command.Type) -> String {
    let specifications =
      command.options.map(specification) + ["'--help[Explain the command]'"]
      + (command.arguments.first.map { argument in
        let values = action(Completion(argumentOf: command, stages: stages))
        return ["'\(argument.isRepeated ? "*" : "1"):\(argument.name):\(values)'"]
      } ?? [])
    return "    \(command.name)) _arguments \(specifications.joined(separator: " ")) ;;"
  }

  private func specification(of option: any SettingDeclaration) -> String {
    let help = "[\(quoted(option.help))]"
    guard let values = Completion(valueOf: option) else { return "'--\(option.name)\(help)'" }
    let repeats = if case .list = option.kind { "*" } else { "" }
    return "'\(repeats)--\(option.name)=\(help):\(option.name):\(action(values))'"
  }

  private func action(_ completion: Completion) -> String {
    switch completion {
    case .words(let words): "(\(words.joined(separator: " ")))"
    case .file: "_files"
    case .portFile: "_sluice_port_file"
    case .nothing: " "
    }
  }

  /// Inside single quotes, where colons and brackets end a part.
  private func quoted(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      switch character {
      case "'": result += #"'\''"#
      case ":", "[", "]", "\\": result += "\\\(character)"
      default: result.append(character)
      }
    }
  }
}
