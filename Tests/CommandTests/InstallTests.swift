// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Glibc
import Testing

/// What `make install` puts in place, with the executable under test as the one that was built.
@Suite(
  .enabled(if: Shell.hasSluice, "the executable is not beside the tests"),
  .enabled(if: isInstalled("make"), "make is not installed"))
struct InstallTests {
  /// Installs into `$TMPDIR/prefix`, and runs a line elsewhere.
  func installed(_ line: String) -> Shell.Result {
    Shell.run(
      """
      make -s install -o build RELEASE='\(Shell.sluice)' PREFIX="$TMPDIR/prefix" || exit 99
      cd "$TMPDIR"; \(line); status=$?; chmod -R u+w prefix; rm -rf prefix; exit $status
      """)
  }

  @Test(arguments: ["flagship", "record-congestion"])
  func installedExamplesRunFromAnywhere(name: String) {
    let result = installed("prefix/bin/sluice replay prefix/share/sluice/Pipelines/\(name).yaml")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("282 received"), "\(result.output)")
  }

  @Test func installedExamplesAreGood() {
    let check =
      "for f in prefix/share/sluice/Pipelines/*; do prefix/bin/sluice check $f || exit 1; done"
    #expect(installed(check).status == 0)
  }

  @Test func commandsInTheirCommentsRunFromAnywhere() {
    let lines = installed("cat prefix/share/sluice/Pipelines/*").output.split(separator: "\n")
    let commands = lines.filter { $0.hasPrefix("#   sluice ") }
    #expect(commands.count >= 6)
    for command in commands {
      #expect(command.contains("/prefix/share/sluice/Pipelines/"), "\(command)")
      #expect(!command.contains("=Pcaps/"), "\(command)")
    }
  }

  @Test func completionsAreThereForEveryShell() {
    let files = [
      "bash-completion/completions/sluice", "zsh/site-functions/_sluice",
      "fish/vendor_completions.d/sluice.fish",
    ].map { "-s prefix/share/\($0)" }.joined(separator: " -a ")
    #expect(installed("test \(files)").status == 0)
  }

  @Test func aRelativePathThatLeadsNowhereSaysWhereItBegins() {
    let result = Shell.run("cd /; sluice replay \(Shell.checkout)/Pipelines/flagship.yaml")
    #expect(result.status == 1)
    #expect(
      result.errors.contains("it begins in the directory that sluice was started in"),
      "\(result.errors)")
  }
}
