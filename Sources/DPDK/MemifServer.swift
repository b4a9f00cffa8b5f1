// SPDX-License-Identifier: BSD-3-Clause
import Glibc

/// The program that a memif client connects to. The driver does that once, when it starts, fails
/// when nobody is there, and never again: so we look, and start it when it can succeed.
struct MemifServer {
  /// What it is, in words: `a memif server at /run/memif.sock`.
  let words: String
  private var lastTry: UInt64?
  private var tries = 0

  init(_ device: Device) { words = "a memif server at \(device.target)" }

  /// A server needs a moment to answer.
  var isWorthATry: Bool {
    guard let lastTry else { return true }
    return Clock.nanoseconds(of: CLOCK_MONOTONIC) - lastTry > 1_000_000_000
  }

  mutating func isTried() {
    lastTry = Clock.nanoseconds(of: CLOCK_MONOTONIC)
    tries += 1
  }

  /// What happened to the connection, for a report.
  var remark: String? {
    switch tries {
    case 0: "\(words) was not there"
    case 1: nil
    default: "was connected to \(words) \(tries) times: it went away meanwhile"
    }
  }
}
