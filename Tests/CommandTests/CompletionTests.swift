// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Testing

@testable import Sluice

@Suite(.enabled(if: Shell.hasSluice, "the executable is not beside the tests"))
struct CompletionTests {
  /// What bash would offer for the last of these words.
  func offers(_ words: [String]) -> Set<String> {
    let quoted = words.map { "'\($0)'" }.joined(separator: " ")
    let result = Shell.run(
      """
      source <(sluice completions bash)
      COMP_WORDS=(\(quoted)); COMP_CWORD=\(words.count - 1)
      _sluice; printf '%s\\n' "${COMPREPLY[@]}"
      """)
    #expect(result.errors.isEmpty, "\(result.errors)")
    return Set(result.output.split(separator: "\n").map(String.init))
  }

  @Test(arguments: [("bash", "bash -n"), ("zsh", "zsh -n"), ("fish", "fish -n")])
  func scriptIsGoodForItsShell(shell: String, check: String) throws {
    let result = Shell.run("sluice completions \(shell) > /dev/null && echo written")
    #expect(result.output == "written\n")
    guard isInstalled(shell) else { return }
    #expect(Shell.run("\(check) <(sluice completions \(shell))").status == 0)
  }

  @Test func commandsAreCompleted() {
    #expect(offers(["sluice", "re"]) == ["replay"])
    #expect(offers(["sluice", ""]) == Set(Sluice.commands.map { $0.name } + ["help"]))
  }

  @Test func optionsAreCompleted() {
    #expect(offers(["sluice", "replay", "x.yaml", "--d"]) == ["--drops"])
    let all = ReplayCommand.options.map { "--\($0.name)" } + ["--help"]
    #expect(offers(["sluice", "replay", "--"]) == Set(all))
  }

  @Test func stagesAreCompleted() {
    #expect(offers(["sluice", "stages", "se"]) == ["set", "send"])
  }

  @Test func filesAreCompleted() {
    #expect(offers(["sluice", "check", "Pipelines/fl"]) == ["Pipelines/flagship.yaml"])
  }
}
