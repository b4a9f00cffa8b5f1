// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Glibc
import Testing

@testable import Sluice

@Suite(.enabled(if: Shell.hasSluice, "the executable is not beside the tests"))
struct StatusTests {
  @Test(arguments: [
    "sluice help", "sluice --help", "sluice -h", "sluice help replay", "sluice check --help",
    "sluice run -h", "sluice version", "sluice --version", "sluice stages", "sluice stages set",
    "sluice stages --json", "sluice stages --markdown", "sluice schema", "sluice ports",
    "sluice ports --json", "sluice check Pipelines/flagship.yaml",
    "sluice check - < Pipelines/flagship.yaml", "sluice graph Pipelines/flagship.yaml",
    "sluice replay Pipelines/flagship.yaml", "sluice inspect Pcaps/incast.pcap",
    "sluice inspect --summary Pcaps/incast.pcap",
  ])
  func workThatIsDoneIsSuccess(line: String) {
    let result = Shell.run(line)
    #expect(result.status == 0)
    #expect(!result.output.isEmpty)
    #expect(result.errors.isEmpty, "\(result.errors)")
  }

  @Test(arguments: [
    ("sluice", "usage: sluice COMMAND"),
    ("sluice repaly", "did you mean 'replay'?"),
    ("sluice help nonsense", "unknown command 'nonsense'"),
    ("sluice ''", "unknown command ''"),
    ("sluice check", "missing FILE"),
    ("sluice check /nonexistent.yaml", "No such file or directory"),
    ("sluice check -- --help", "--help: error"),
    ("sluice check - <<< 'sluice: 2'", "error"),
    ("sluice stages sedn", "did you mean 'send'?"),
    ("sluice completions tcsh", "expected bash, zsh or fish"),
    ("sluice replay Pipelines/flagship.yaml --in wirre=x", "did you mean 'wire'?"),
    ("sluice replay Pipelines/flagship.yaml --in host=x", "no pipeline has port 'host'"),
    ("sluice replay Pipelines/flagship.yaml --speed fast", "expected a multiple such as 1x"),
    ("sluice replay Pipelines/flagship.yaml --speed 1x --rate 1Mpps", "not both"),
    ("sluice replay Pipelines/flagship.yaml --out host=a --out host=b", "an output already"),
    ("sluice replay Pipelines/flagship.yaml --set wier=null:", "no parameter 'wier'"),
    (
      "sluice replay Pipelines/flagship.yaml --drops x.pcap --out host=./x.pcap",
      "written by --drops"
    ),
  ])
  func mistakesOfTheCallerAreTwo(line: String, message: String) {
    let result = Shell.run(line)
    #expect(result.status == 2)
    #expect(result.errors.contains(message), "\(result.errors)")
    #expect(result.output.isEmpty)
  }

  @Test(arguments: [
    "sluice check Pipelines/null.yaml --set wire",
    "sluice run Pipelines/null.yaml --set a=1 --set a=2",
    "sluice replay Pipelines/null.yaml --speed 1x --rate 1Mpps",
    "sluice replay Pipelines/null.yaml --speed fast",
    "sluice replay Pipelines/null.yaml --in in=",
    "sluice replay Pipelines/null.yaml --in nosuch=x.pcap",
    "sluice replay Pipelines/null.yaml",
    "sluice stages sedn", "sluice completions tcsh",
  ])
  func mistakesComeWithTheCommandAndItsUsage(line: String) {
    let command = line.split(separator: " ")[1]
    let result = Shell.run(line)
    #expect(result.status == 2)
    #expect(result.errors.hasPrefix("sluice \(command): "), "\(result.errors)")
    #expect(result.errors.contains("\n  usage: sluice \(command)"), "\(result.errors)")
  }

  @Test func oneOfAKindIsCountedInTheSingular() {
    let text = "sluice: 1\nports: {a: \"null:\"}\npipelines: {p: {input: a, stages: [drop]}}\n"
    let result = Shell.run("sluice check - <<< '\(text)'")
    #expect(result.output == "-: good: 1 port, 1 pipeline, 1 stage\n")
  }

  @Test(arguments: [
    ("sluice replay Pipelines/flagship.yaml --in wire=/nonexistent.pcap", "/nonexistent.pcap"),
    ("sluice replay Pipelines/flagship.yaml --in wire=Package.swift", "Package.swift"),
    ("sluice replay Pipelines/flagship.yaml --out host=/nonexistent/a.pcap", "/nonexistent/a"),
    (
      "head -c 1000 Pcaps/incast.pcap | sluice replay Pipelines/flagship.yaml --in wire=-", "sluice"
    ),
  ])
  func workThatFailsIsOne(line: String, message: String) {
    let result = Shell.run(line)
    #expect(result.status == 1)
    #expect(result.errors.contains(message), "\(result.errors)")
  }

  @Test func jsonIsWhatProgramsCanRead() {
    let check = "python3 -c 'import json, sys; json.load(sys.stdin)'"
    for command in [
      "replay Pipelines/flagship.yaml --json", "check Pipelines/flagship.yaml --json",
      "ports --json", "stages --json", "schema", "version --json",
      "inspect --summary --json Pcaps/incast.pcap",
    ] {
      let result = Shell.run("set -o pipefail; sluice \(command) | \(check)")
      #expect(result.status == 0, "\(command): \(result.errors)")
    }
  }

  @Test func readerThatGoesAwayIsNoFailure() {
    #expect(Shell.run("set -o pipefail; sluice schema | head -1").status == 0)
  }
}
