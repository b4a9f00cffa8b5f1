// SPDX-License-Identifier: BSD-3-Clause
import Glibc
import Presentation
import Runtime
import Settings
import Top

/// `sluice top`: what a running Sluice does, as it does it.
enum TopCommand: Command {
  static let name = "top"
  static let summary = "Shows what a running Sluice does: rates, cycles, queue pairs, events."
  static let arguments = [
    Argument(name: "WHICH", help: "Its name or process, where several run", isOptional: true)
  ]
  static var options: [any SettingDeclaration] {
    [once, interval, queuePairs, SharedOptions.json]
  }
  static let example = "sluice top --interval 2s"

  static let once: Setting<Bool> = .boolean(
    "once", default: false, "Print what happens within one interval, and end")
  static let interval: Setting<UInt64> = .duration(
    "interval", in: 0.1...3600, default: "1s", "From one reading to the next")
  static let queuePairs: Setting<Int> = .integer(
    "queue-pairs", in: 1...65_536, default: 200, "Of queue pairs, read so many with most bytes")

  static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
    let client = try RunningSluices.find(invocation.word(0))
    let top = Top(
      client: client, interval: invocation[interval], queuePairs: invocation[queuePairs])
    if invocation[SharedOptions.json] { return try top.printJSON() }
    if invocation[once] || !FullScreen.isPossible { return try top.printOnce() }
    return try top.watch()
  }
}

/// One running Sluice, looked at again and again.
private struct Top {
  let client: TelemetryClient
  /// Nanoseconds.
  let interval: UInt64
  let queuePairs: Int

  private func read(_ queuePair: String? = nil) throws(CommandError) -> JSON {
    if let answers = client.everything(queuePairs: queuePairs, andOf: queuePair) { return answers }
    let hasEnded = kill(pid_t(client.process), 0) != 0 && errno == ESRCH
    throw .failed(
      "sluice top: process \(client.process) "
        + (hasEnded ? "has ended" : "does not answer any more"))
  }

  func printJSON() throws(CommandError) -> ExitStatus {
    Terminal.print(try read().text(pretty: true))
    return .success
  }

  func printOnce() throws(CommandError) -> ExitStatus {
    var screen = TopScreen()
    screen.take(TopReading(try read()))
    var pause = timespec(
      tv_sec: Int(interval / 1_000_000_000), tv_nsec: Int(interval % 1_000_000_000))
    nanosleep(&pause, nil)
    screen.take(TopReading(try read()))
    let columns = getenv("COLUMNS").flatMap { Int(String(cString: $0)) } ?? 100
    Terminal.print(screen.printed(width: max(40, columns)).joined(separator: "\n"))
    return .success
  }

  func watch() throws(CommandError) -> ExitStatus {
    let terminal = FullScreen()
    var screen = TopScreen()
    var next = WallClock.nanoseconds
    while !screen.isDone, !FullScreen.wasToldToEnd {
      if WallClock.nanoseconds >= next {
        screen.take(TopReading(try read(screen.wantedQueuePair)))
        next = WallClock.nanoseconds + interval
      }
      let size = terminal.size
      terminal.draw(screen.lines(width: size.width, height: size.height))
      let left = next > WallClock.nanoseconds ? (next - WallClock.nanoseconds) / 1_000_000 + 1 : 0
      guard let keys = terminal.keys(within: Int(left)) else { break }
      let wanted = screen.wantedQueuePair
      for key in keys {
        if key == .suspend { terminal.suspend() } else { screen.press(key) }
      }
      // What is looked into is asked for at once.
      if let now = screen.wantedQueuePair, now != wanted {
        screen.take(detail: client.ask("/sluice/queue_pair", now).map { .init($0) })
      }
    }
    return .success
  }
}
