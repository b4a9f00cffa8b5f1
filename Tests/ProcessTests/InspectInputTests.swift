// SPDX-License-Identifier: BSD-3-Clause
import Glibc
import RunningSluice
import Testing

/// Where `sluice inspect` reads from: pipes, several files, files that are cut, strange ones.
struct InspectInputTests {
  let bench = Workbench()

  func output(_ line: String, status: Int32 = 0) -> String {
    let run = bench.shell(line)
    #expect(run.wait() == .status(status), "\(run.errors)")
    return run.output
  }

  @Test func standardInputIsReadLikeAFile() {
    let file = output("$sluice inspect Pcaps/incast.pcap")
    #expect(output("$sluice inspect - < Pcaps/incast.pcap") == file)
    let piped = output("cat Pcaps/incast.pcap | $sluice inspect - --tsv")
    #expect(piped == output("$sluice inspect Pcaps/incast.pcap --tsv"))
  }

  @Test func packetsOfAPipeAreShownBeforeItEnds() {
    mkfifo(bench.folder.place("pipe"), 0o600)
    let run = bench.sluice("inspect pipe")
    let writer = open(bench.folder.place("pipe"), O_RDWR)
    defer { close(writer) }
    let bytes = Folder.bytes(of: Place.package + "/Pcaps/incast.pcap").prefix(1000)
    write(writer, Array(bytes), bytes.count)
    #expect(Run.until { run.output.split(separator: "\n").count >= 5 })
    #expect(run.isRunning)
    run.send(SIGINT)
    #expect(run.wait() == .status(0), "\(run.errors)")
    #expect(run.errors == "")
  }

  @Test func aSummaryThatASignalEndsTellsWhatWasRead() {
    mkfifo(bench.folder.place("pipe"), 0o600)
    let run = bench.sluice("inspect --summary --json pipe")
    let writer = open(bench.folder.place("pipe"), O_RDWR)
    defer { close(writer) }
    let bytes = Folder.bytes(of: Place.package + "/Pcaps/incast.pcap").prefix(1000)
    write(writer, Array(bytes), bytes.count)
    #expect(Run.until { run.hasEmptied(writer) })
    run.send(SIGINT)
    #expect(run.wait() == .status(0), "\(run.errors)")
    #expect(run.figures?.number("packets") ?? 0 > 4)
    #expect(run.output.contains("\"interrupted\": true"))
    #expect(run.errors == "")
  }

  @Test func severalFilesAreMergedByTime() {
    let one = "Pcaps/rc_write_ce.pcap"
    let other = "Pcaps/incast.pcap"
    let merged = output(
      "$sluice inspect \(other) \(one) --time absolute --tsv --fields number,time,file")
    let rows = merged.split(separator: "\n").dropFirst().map { $0.split(separator: "\t") }
    #expect(rows.count == 282 + 692)
    #expect(rows.map { String($0[0]) } == (1...974).map(String.init))
    let times = rows.map { String($0[1]) }
    #expect(times == times.sorted())
    #expect(rows.count { $0[2] == one } == 282)
    let summary = output("$sluice inspect --summary \(other) \(one)")
    #expect(summary.contains("974 packets, 764 KB on the wire"))
  }

  @Test func aLimitOfASummaryMeansTheEarliestPackets() {
    let line = "--packets 282 --summary Pcaps/incast.pcap Pcaps/rc_write_ce.pcap"
    #expect(output("$sluice inspect \(line)").contains("ECN      190 ECT(0), 50 CE"))
  }

  @Test func everythingBeforeACutIsShownAndCounted() {
    let whole = Folder.bytes(of: Place.package + "/Pcaps/incast.pcap")
    bench.folder.write(Array(whole.prefix(100_000)), to: "cut.pcap")
    let lines = bench.sluice("inspect cut.pcap")
    #expect(lines.wait() == .status(1))
    let count = lines.output.split(separator: "\n").count
    #expect(lines.errors.contains("\(count) packets before it were read"))
    let summary = bench.sluice("inspect --summary --json cut.pcap")
    #expect(summary.wait() == .status(1))
    #expect(summary.figures?.number("packets") == count)
    #expect(summary.figures?["problems[0]"]?.contains("truncated dump file") == true)
  }

  @Test func filesThatCannotBeReadDoNotKeepTheOthers() {
    bench.folder.write([UInt8](), to: "empty.pcap")
    for option in ["", "--summary"] {
      let run = bench.sluice("inspect \(option) empty.pcap Pcaps/incast.pcap none.pcap")
      #expect(run.wait() == .status(1))
      #expect(run.errors.contains("empty.pcap: the file is empty"))
      #expect(run.errors.contains("none.pcap: cannot open it: No such file or directory"))
      #expect(run.output.split(separator: "\n").count > 15)
    }
  }

  @Test func aCaptureWithoutPacketsIsNoProblem() {
    let header = Folder.bytes(of: Place.package + "/Pcaps/incast.pcap").prefix(24)
    bench.folder.write(Array(header), to: "none.pcap")
    #expect(output("$sluice inspect none.pcap") == "")
    #expect(output("$sluice inspect none.pcap --summary").contains("0 packets"))
    #expect(output("$sluice inspect none.pcap --tsv").split(separator: "\n").count == 1)
  }

  @Test func readersThatGoAwayEndItQuietly() {
    let line = "$sluice inspect Pcaps/incast.pcap Pcaps/rc_ops_v6.pcap --json; echo $? > status"
    #expect(output("{ \(line); } | head -n 1").hasPrefix("{\"number\":1,"))
    #expect(Folder.text(of: bench.folder.place("status")) == "0\n")
  }

  @Test func anOutputWithoutRoomIsAFailure() {
    let run = bench.shell("$sluice inspect Pcaps/incast.pcap > /dev/full")
    #expect(run.wait() == .status(1))
    #expect(run.errors.contains("standard output could not be written to the end"))
  }

  static let strange = Folder.names(in: Place.captures + "/public")
    .filter { $0.contains(".pcap") || $0.hasSuffix(".cap") }.filter { !$0.hasSuffix(".tsv") }

  @Test(.enabled(if: !strange.isEmpty, "the shared captures are not here"))
  func strangeCapturesAreShownOrRefused() {
    bench.folder.link("public", to: Place.captures + "/public")
    let run = bench.shell(
      """
      for file in public/*.pcap public/*.pcapng public/*.cap public/*.gz; do
        for form in -v --json --summary; do
          $sluice inspect $form "$file" > /dev/null 2> said
          status=$?
          [ $status -eq 0 ] || [ $status -eq 1 -a -s said ] || echo "$file $form $status"
        done
      done
      """)
    #expect(run.wait(seconds: 300) == .status(0))
    #expect(run.output == "")
  }
}
