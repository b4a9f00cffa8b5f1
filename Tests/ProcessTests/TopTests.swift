// SPDX-License-Identifier: BSD-3-Clause
import Glibc
import RunningSluice
import Testing

/// `sluice top`, and a terminal of 80 by 24 that tmux keeps.
@Suite(.serialized) struct TopTests {
  let bench = Workbench()
  let tmux: String

  init() {
    tmux = "tmux -S '\(bench.folder.place("tmux"))' -f /dev/null"
    bench.write(
      "watched.yaml", wire: "pcap:in=Pcaps/rc_write_ce.pcap,infinite", host: "null:", "parse",
      "track-qps", "roce-telemetry", top: "hugepages: never\ntelemetry: {socket: true}")
  }

  func tmux(_ line: String) -> String {
    let run = bench.shell("\(tmux) \(line)")
    run.wait()
    return run.output
  }

  var screen: String { tmux("capture-pane -p") }

  /// Looks ten times a second: each look starts a process.
  func isShown(_ text: String) -> Bool {
    for _ in 0..<200 {
      if screen.contains(text) { return true }
      usleep(100_000)
    }
    return false
  }

  @Test func onceItPrintsWhatHappensAndEnds() {
    let run = bench.live("watched.yaml")
    let top = bench.sluice("top \(run.process) --once --interval 300ms")
    #expect(top.wait() == .status(0), "\(top.errors)")
    #expect(top.output.hasPrefix("watched.yaml, up "), "\(top.output)")
    for section in ["QUEUE PAIRS:", "STAGES:", "PORTS:"] { #expect(top.output.contains(section)) }
    #expect(top.output.contains("ingress/roce-telemetry"))
  }

  @Test func severalRunsAreToldApartByNameOrProcess() {
    let runs = (0..<2).map { _ in bench.live("watched.yaml") }
    let names = runs.map { "sluice-\($0.process)" }
    let top = bench.sluice("top --once")
    #expect(top.wait() == .status(2))
    #expect(names.allSatisfy(top.errors.contains), "\(top.errors)")
    #expect(bench.sluice("top \(names[1]) --once --interval 0.1s").wait() == .status(0))
  }

  @Test func aNameThatNobodyHasIsAnError() {
    let top = bench.sluice("top nosuch")
    #expect(top.wait() == .status(1))
    #expect(
      top.errors.hasPrefix("sluice top: no Sluice with a telemetry socket is called 'nosuch'"))
  }

  @Test(.enabled(if: Ability.has("tmux"), "tmux, which makes a terminal, is not installed"))
  func aTerminalShowsViewsAndGetsItsStateBack() {
    let run = bench.live("watched.yaml")
    defer { _ = tmux("kill-server") }
    _ = tmux("new-session -d -x 80 -y 24 /bin/sh")
    _ = tmux("send-keys \"'\(Place.executable)' top \(run.process); echo status \\$?\" Enter")
    #expect(isShown("overview"))
    _ = tmux("send-keys Tab")
    #expect(isShown("queue pairs  ") || isShown("QUEUE PAIR"))
    _ = tmux("send-keys Enter")
    #expect(isShown("METRIC"), "\(screen)")
    _ = tmux("send-keys Escape Tab")
    #expect(isShown("stages"))
    _ = tmux("send-keys ?")
    #expect(isShown("any key goes back"))
    _ = tmux("resize-window -x 60 -y 12")
    _ = tmux("send-keys x")
    #expect(isShown("ingress/roce"))
    #expect(screen.split(separator: "\n", omittingEmptySubsequences: false).count <= 13)
    _ = tmux("send-keys q")
    #expect(isShown("status 0"))
    _ = tmux("send-keys 'stty -a > after' Enter")
    #expect(Run.until { Folder.text(of: bench.folder.place("after")).contains(" icanon") })
    #expect(Folder.text(of: bench.folder.place("after")).contains(" echo "))
  }

  @Test(
    .enabled(if: Ability.has("tmux"), "tmux, which makes a terminal, is not installed"),
    arguments: [SIGTERM, SIGHUP, SIGQUIT])
  func aSignalGivesTheTerminalBack(signal: Int32) {
    let run = bench.live("watched.yaml")
    defer { _ = tmux("kill-server") }
    _ = tmux("new-session -d -x 80 -y 24 /bin/sh")
    bench.folder.write(
      "echo $$ > top\nexec '\(Place.executable)' top \(run.process)\n", to: "top.sh")
    _ = tmux("send-keys 'sh top.sh; echo status $?; stty -a > after' Enter")
    #expect(isShown("overview"), "\(screen)")
    let process = Folder.text(of: bench.folder.place("top")).prefix { $0.isNumber }
    if let process = pid_t(process), process > 1 { kill(process, signal) }
    #expect(isShown("status 0"))
    #expect(Run.until { Folder.text(of: bench.folder.place("after")).contains(" icanon") })
  }

  @Test(.enabled(if: Ability.has("tmux"), "tmux, which makes a terminal, is not installed"))
  func theRunsEndGivesTheTerminalBack() {
    let run = bench.live("watched.yaml")
    defer { _ = tmux("kill-server") }
    _ = tmux("new-session -d -x 80 -y 24 /bin/sh")
    _ = tmux("send-keys \"'\(Place.executable)' top \(run.process); echo status \\$?\" Enter")
    #expect(isShown("overview"))
    run.send(SIGTERM)
    // The process is there until it is waited for.
    #expect(run.wait() == .status(0))
    #expect(isShown("status 1"))
    #expect(screen.contains("sluice top: process \(run.process)"))
  }
}
