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
    guard isInstalled(shell) else { try Test.cancel("\(shell) is not installed") }
    let checked = Shell.run("\(check) <(sluice completions \(shell))")
    #expect(checked.status == 0)
    #expect(checked.errors.isEmpty, "\(checked.errors)")
  }

  /// A line, and what it becomes when the word at its end is completed.
  static let completed = [
    ("graph x.yaml --format mer", "graph x.yaml --format mermaid"),
    ("graph x.yaml --format=mer", "graph x.yaml --format=mermaid"),
    ("completions zs", "completions zsh"), ("stages mirr", "stages mirror"),
    ("replay x.yaml --dro", "replay x.yaml --drops"),
    ("replay x.yaml --drops Pcaps/inc", "replay x.yaml --drops Pcaps/incast.pcap"),
    ("replay x.yaml --in in=Pcaps/inc", "replay x.yaml --in in=Pcaps/incast.pcap"),
    ("check Pipelines/fl", "check Pipelines/flagship.yaml"),
    ("run x.yaml --duration Pip", "run x.yaml --duration Pip"),
  ]

  @Test(.enabled(if: isInstalled("zsh"), "zsh is not installed"), arguments: completed)
  func zshCompletesTheLine(line: String, whole: String) {
    // In a shell that somebody types into: zsh completes nowhere else.
    let result = Shell.run(
      """
      sluice completions zsh > "$TMPDIR/_sluice"
      cat > "$TMPDIR/setup" <<'EOF'
      fpath=("$TMPDIR" $fpath)
      autoload -U compinit
      compinit -D -u
      sluice() { print -r -- "CALLED"" WITH <$*>" }
      EOF
      timeout 60 zsh -f <<'EOF'
      zmodload zsh/zpty
      zpty shell zsh -f -i
      zpty -w shell 'source "$TMPDIR/setup"; print "RE""ADY"'
      zpty -r -m shell out '*READY*'
      zpty -w -n shell $'sluice \(line)\t\n'
      zpty -r -m shell out '*CALLED WITH *>*'
      print -r -- $out
      EOF
      """)
    #expect(
      result.output.contains("CALLED WITH <\(whole)>"), "\(result.output)\(result.errors)")
  }

  @Test(.enabled(if: isInstalled("fish"), "fish is not installed"), arguments: completed)
  func fishCompletesTheLine(line: String, whole: String) {
    let result = Shell.run(
      """
      sluice completions fish > "$TMPDIR/sluice.fish"
      fish --no-config -c 'source "$TMPDIR/sluice.fish"; complete -C "sluice \(line)"'
      """)
    let offered = result.output.split(separator: "\n").map { $0.prefix { $0 != "\t" } }
    let word = whole.split(separator: " ").last ?? ""
    #expect(offered.contains(word) == (line != whole), "\(result.output)\(result.errors)")
  }

  @Test(arguments: completed)
  func bashCompletesTheWord(line: String, whole: String) {
    let words = line.split(separator: " ").map(String.init)
    // bash hands an option and its value over as three words.
    let last = words.last ?? ""
    let parts = last.hasPrefix("--") && last.contains("=")
    let split = parts ? words.dropLast() + ["--format", "=", "mer"] : words
    let word = whole.split { $0 == " " || (parts && $0 == "=") }.last.map(String.init) ?? ""
    #expect(offers(["sluice"] + split) == (line == whole ? [] : [word]))
  }

  @Test func commandsAreCompleted() {
    #expect(offers(["sluice", "repl"]) == ["replay"])
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
