// SPDX-License-Identifier: BSD-3-Clause
import RunningSluice
import Testing

/// The command line as shells and programs meet it.
struct ShellTests {
  let bench = Workbench()

  @Test(
    arguments: [
      ("", 2), ("help", 0), ("--version", 0), ("nonsense", 2), ("replay --help", 0),
      ("check send.yaml", 0), ("check none.yaml", 2), ("check bad.yaml", 2),
      ("replay send.yaml", 2), ("replay send.yaml --in nosuch=Inputs/mixed.pcap", 2),
      ("replay send.yaml --in wire=Inputs/mixed.pcap --speed fast", 2),
      ("replay send.yaml --in wire=Inputs/mixed.pcap", 0),
      ("replay send.yaml --in wire=none.pcap", 1), ("replay send.yaml --in wire=.", 1),
      ("replay send.yaml --in wire=send.yaml", 1),
      ("replay send.yaml --in wire=Inputs/mixed.pcap --out host=none/out.pcapng", 1),
      ("run bad.yaml", 2), ("run nothing.yaml", 1), ("run send.yaml --packets 1", 0),
      ("stages nosuch", 2), ("graph send.yaml", 0),
    ] as [(String, Int32)])
  func exitStatusSaysWhoseFaultItIs(line: String, status: Int32) {
    bench.folder.write("sluice: 1\nportz: {}\n", to: "bad.yaml")
    bench.write("nothing.yaml", wire: "pcap:none.pcap", host: "null:")

    let run = bench.sluice(line)

    #expect(run.wait() == .status(status), "\(run.errors)")
    #expect(run.errors.isEmpty == (status == 0) || line.hasPrefix("run"), "\(run.errors)")
    #expect(bench.folder.names.filter { $0.hasSuffix(".partial") } == [])
  }

  @Test func everyReportIsJSONWhereItCanBe() {
    bench.write(
      "asked.yaml", wire: "null:", host: "null:", top: "telemetry: {socket: true}")
    let asked = bench.live("asked.yaml")
    let lines = [
      "top": "\(asked.process)", "check": "send.yaml", "run": "send.yaml --packets 1", "ports": "",
      "version": "",
      "replay": "send.yaml --in wire=Inputs/mixed.pcap", "stages": "set",
      "inspect": "--summary Inputs/mixed.pcap", "simulate": "world.yaml",
      "report": "Pcaps/rc_ops_v6.pcap",
    ]
    bench.folder.write(
      """
      sluice: 1
      ports: {a: "null:", b: "null:"}
      simulation: {time: 20us, sample: 10us, traffic: [{from: a, to: b}]}
      pipelines: {there: {input: a, stages: [send: b]}, back: {input: b, stages: [send: a]}}
      """, to: "world.yaml")
    let help = "$sluice help | sed -n 's/^  \\([a-z]*\\)  .*/\\1/p'"
    let list = bench.shell(
      "for c in $(\(help)); do $sluice $c --help | grep -q -- --json && echo $c; done")
    #expect(list.wait() != .tookTooLong)
    let commands = list.output.split(separator: "\n").map(String.init)
    #expect(commands.sorted() == lines.keys.sorted())
    for command in commands {
      let run = bench.shell(
        "$sluice \(command) \(lines[command] ?? "") --json | python3 -m json.tool > \(command).json"
      )
      #expect(run.wait() == .status(0), "\(command): \(run.errors)")
    }
  }

  @Test func schemaIsJSON() {
    #expect(bench.shell("$sluice schema | python3 -m json.tool > out.json").wait() == .status(0))
  }

  @Test(arguments: [
    "check", "run", "replay", "inspect", "report", "stages", "schema", "graph", "version", "ports",
  ])
  func examplesOfHelpWorkInACheckout(command: String) {
    let run = bench.shell(
      "PATH=$(dirname $sluice):$PATH; "
        + "eval \"$($sluice \(command) --help | sed -n '/^example:/,$ s/^  //p')\"")
    #expect(run.wait() == .status(0), "\(run.errors)")
  }

  @Test(arguments: ["schema", "stages --json", "stages --markdown"])
  func aReaderThatGoesAwayIsNoError(line: String) {
    let run = bench.shell("{ $sluice \(line); echo $? > status; } | head -1")
    #expect(run.wait() == .status(0))
    #expect(run.errors == "")
    #expect(Folder.text(of: bench.folder.place("status")) == "0\n")
  }

  @Test func checkReadsStandardInput() {
    let good = bench.sluice("check -", input: bench.folder.place("send.yaml"))
    #expect(good.wait() == .status(0))
    let empty = bench.sluice("check -")
    #expect(empty.wait() == .status(2))
    #expect(empty.errors.hasPrefix("standard input:1:1: error: the file is empty"))
  }

  @Test(.enabled(if: Ability.isRoot && Ability.has("setpriv"), "only root can become nobody"))
  func checkNeedsNoPrivilegesAndStartsNoDPDK() {
    let nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups"
    // The build may lie where nobody can read it.
    let run = bench.shell(
      "cp $sluice sluice; chmod 755 sluice; ulimit -v 400000; \(nobody) ./sluice check send.yaml")
    #expect(run.wait() == .status(0), "\(run.errors)")
    #expect(run.output == "send.yaml: good: 2 ports, 1 pipeline, 1 stage\n")
  }
}
