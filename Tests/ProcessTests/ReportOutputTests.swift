// SPDX-License-Identifier: BSD-3-Clause
import RunningSluice
import Testing

/// The page and the database of `sluice report`, held against its JSON by programs of others.
@Suite("The page and the database of a report")
struct ReportOutputTests {
  let bench = Workbench()

  @Test(
    .enabled(if: Ability.has("chromium"), "needs Debian's chromium"),
    arguments: ["rc_ops_loss", "rc_write_ce", "incast"])
  func thePageShowsTheFiguresOfTheJSON(name: String) throws {
    let report = bench.sluice("report Pcaps/\(name).pcap --json --html page.html")
    #expect(report.wait() == .status(0), "\(report.errors)")
    let figures = try #require(report.figures)
    let options = "--headless --no-sandbox --disable-gpu --user-data-dir=profile --dump-dom"
    let dump = bench.shell("HOME=$PWD chromium \(options) file://$PWD/page.html 2>/dev/null")
    #expect(dump.wait(seconds: 120) == .status(0))

    var shown: [String: Int] = [:]
    for match in dump.output.matches(of: #/data-metric="(\w+)">([\d,]+)</#) {
      shown[String(match.output.1)] = Int(match.output.2.filter { $0 != "," })
    }

    let prefix = "telemetry.totals."
    let totals = figures.values.filter { $0.key.hasPrefix(prefix) }
    #expect(totals.count > 40)
    for (key, value) in totals {
      #expect(shown[String(key.dropFirst(prefix.count))] == Int(value), "\(key)")
    }
    let verdict = try #require(figures["verdict"])
    #expect(dump.output.contains("id=\"verdict\">\(verdict)</p>"))
    #expect(dump.output.contains("<svg"))
  }

  @Test func thePageNeedsNothingElse() {
    let report = bench.sluice("report Pcaps/rc_ops_loss.pcap --html page.html")
    #expect(report.wait() == .status(0))
    let page = Folder.text(of: bench.folder.place("page.html"))
    for word in ["http:", "https:", "src=", "href=", "url(", "@import", "<script"] {
      #expect(!page.contains(word), "\(word)")
    }
    #expect(page.count < 2_000_000)
  }

  @Test func namesFromCommandLinesCannotBreakThePage() {
    bench.shell("cp Pcaps/incast.pcap '<b>&\".pcap'").wait()
    let report = bench.shell("$sluice report '<b>&\".pcap' --html page.html")
    #expect(report.wait() == .status(0))
    let page = Folder.text(of: bench.folder.place("page.html"))
    #expect(page.contains("&lt;b&gt;&amp;&quot;.pcap"))
    #expect(!page.contains("<b>&"))
  }

  @Test func theDatabaseHasTheFiguresOfTheJSON() throws {
    let report = bench.sluice("report Pcaps/rc_ops_loss.pcap --json --sqlite all.db")
    #expect(report.wait() == .status(0), "\(report.errors)")
    let figures = try #require(report.figures)
    func ask(_ query: String) -> String {
      let run = bench.shell(
        "python3 -c \"import sqlite3, sys; "
          + "print(sqlite3.connect('all.db').execute(sys.argv[1]).fetchone()[0])\" \"\(query)\"")
      #expect(run.wait() == .status(0), "\(run.errors)")
      return String(run.output.dropLast())
    }

    let packets = figures["telemetry.totals.packets"]
    #expect(ask("SELECT value FROM totals WHERE metric = 'packets'") == packets)
    #expect(ask("SELECT sum(packets) FROM queue_pairs") == packets)
    #expect(ask("SELECT sum(packets) FROM opcodes WHERE queue_pair <> ''") == packets)
    #expect(ask("SELECT sum(packets) FROM opcodes WHERE queue_pair = ''") == packets)
    #expect(ask("SELECT sum(packets) FROM time_series WHERE queue_pair = ''") == packets)
    let bytes = figures["telemetry.totals.bytes"]
    #expect(ask("SELECT sum(bytes) FROM time_series WHERE queue_pair <> ''") == bytes)
    #expect(ask("SELECT count(*) FROM psn_points WHERE kind <> 'in-order'") != "0")
    #expect(ask("SELECT value FROM meta WHERE name = 'verdict'") == figures["verdict"])
    #expect(ask("SELECT count(*) FROM events") == "2")
    #expect(ask("SELECT sum(count) FROM messages") == "61")
  }

  static let shared = Folder.names(in: Place.captures + "/rxe")
    .filter {
      [
        "rc_ops_loss_v4.client.pcap", "rping_loss_v4.client.pcap", "naks_v4.pcap",
        "rc_write_bw_cnp_v4.client.pcap", "rnr_few_v4.pcap",
      ].contains($0)
    }

  @Test(
    .enabled(if: Ability.has("tshark") && !shared.isEmpty, "needs tshark and others' captures"))
  func queuePairsHaveWhatTsharkReads() {
    let paths = Self.shared.map { "\(Place.captures)/rxe/\($0)" }.joined(separator: " ")
    let run = bench.shell(
      "/usr/bin/python3 \(Place.package)/Tests/Oracle/telemetry_report.py $sluice \(paths)")
    #expect(run.wait(seconds: 120) == .status(0), "\(run.output)\(run.errors)")
  }
}
