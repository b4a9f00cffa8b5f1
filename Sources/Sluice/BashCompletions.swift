// SPDX-License-Identifier: BSD-3-Clause

/// The completion script for bash.
struct BashCompletions {
  let stages: [String]

  var script: String {
    let names = Sluice.commands.map { $0.name } + ["help"]
    return """
      _sluice() {
        local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} before=""
        if [ "$COMP_CWORD" -gt 2 ]; then before=${COMP_WORDS[COMP_CWORD-2]}; fi
        local names="\(names.joined(separator: " "))"
        COMPREPLY=()
        # bash takes the = of --option=value for a word.
        if [ "$current" = "=" ]; then current=""
        elif [ "$previous" = "=" ]; then previous=$before
        fi
        if [ "$COMP_CWORD" -eq 1 ] || [ "${COMP_WORDS[1]}" = help ]; then
          COMPREPLY=($(compgen -W "$names" -- "$current"))
          return
        fi
        case "${COMP_WORDS[1]} $previous" in
      \(values.joined(separator: "\n"))
        esac
        case "${COMP_WORDS[1]} $current" in
      \(options.joined(separator: "\n"))
      \(arguments.joined(separator: "\n"))
        esac
      }
      complete -o filenames -F _sluice sluice
      """
  }

  private var values: [String] {
    Sluice.commands.flatMap { command in
      command.options.compactMap { option in
        Completion(valueOf: option).map {
          "    '\(command.name) --\(option.name)') \(reply($0)) return ;;"
        }
      }
    }
  }

  private var options: [String] {
    Sluice.commands.map { command in
      let options = command.options.map { "--\($0.name)" } + ["--help"]
      return "    '\(command.name) -'*) \(reply(.words(options))) ;;"
    }
  }

  private var arguments: [String] {
    Sluice.commands.map { command in
      let completion = Completion(argumentOf: command, stages: stages)
      return "    '\(command.name) '*) \(reply(completion)) ;;"
    }
  }

  private func reply(_ completion: Completion) -> String {
    switch completion {
    case .words(let words):
      #"COMPREPLY=($(compgen -W "\#(words.joined(separator: " "))" -- "$current"));"#
    case .file: #"COMPREPLY=($(compgen -f -- "$current"));"#
    case .portFile:
      #"[[ $current != *=* ]] || "#
        + #"COMPREPLY=($(compgen -P "${current%%=*}=" -f -- "${current#*=}"));"#
    case .nothing: ":;"
    }
  }
}
