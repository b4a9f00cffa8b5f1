// SPDX-License-Identifier: BSD-3-Clause
import Presentation
import Runtime

/// A line on a terminal's standard error that tells how far a long replay is.
final class ProgressLine {
  private let start = WallClock.nanoseconds
  private var last = 0.0

  /// Shows the count, from the second second on and five times a second at most.
  func update(_ packets: UInt64) {
    guard Terminal.errorIsTerminal else { return }
    let elapsed = WallClock.seconds(since: start)
    guard elapsed > 1, elapsed - last > 0.2 else { return }
    last = elapsed
    let rate = Figure.scaled(Double(packets) / elapsed, "pps")
    Terminal.progress("\(Figure.count(packets)) packets, \(rate)")
  }

  /// Takes the line away, before anything else is printed.
  func clear() {
    if last > 0 { Terminal.progress("") }
    last = 0
  }
}
