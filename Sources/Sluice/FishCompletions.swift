// SPDX-License-Identifier: BSD-3-Clause
import Settings

/// The completion script for fish.
struct FishCompletions {
  let stages: [String]

  var script: String {
    var lines = ["complete -c sluice -n __fish_use_subcommand -f -a help"]
    for command in Sluice.commands {
      let inside = "complete -c sluice -n '__fish_seen_subcommand_from \(command.name)'"
      lines.append(
        "complete -c sluice -n __fish_use_subcommand -f -a \(command.name) "
          + "-d '\(quoted(command.summary))'")
      lines.append(inside + values(Completion(argumentOf: command, stages: stages)))
      for option in command.options {
        let value = Completion(valueOf: option).map { " -r" + values($0) } ?? ""
        let short = command.shortOptions.first { $0.value == option.name }.map { " -s \($0.key)" }
        lines.append(
          inside + "\(short ?? "") -l \(option.name)\(value) -d '\(quoted(option.help))'")
      }
      lines.append(inside + " -l help -d 'Explain the command'")
    }
    return lines.joined(separator: "\n")
  }

  private func values(_ completion: Completion) -> String {
    switch completion {
    case .words(let words): " -f -a '\(words.joined(separator: " "))'"
    case .file, .portFile: " -F"
    case .nothing: " -f"
    }
  }

  private func quoted(_ text: String) -> String {
    text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "\\'")
  }
}
