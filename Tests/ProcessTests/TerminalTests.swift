// SPDX-License-Identifier: BSD-3-Clause
import Glibc
import RunningSluice
import Testing

/// What a person sees on a terminal.
@Suite(.enabled(if: Ability.has("script"), "script, which makes a terminal, is not installed"))
struct TerminalTests {
  let bench = Workbench()

  /// What stands on each line of the terminal once all was written: a carriage return goes back
  /// to its beginning, and a "clear to the end of the line" empties it.
  private func screen(_ text: String) -> [String] {
    text.replacing("\r\n", with: "\n").split(separator: "\n").map { line in
      var shown: [Character] = []
      for part in line.split(separator: "\r", omittingEmptySubsequences: false) {
        let clears = part.hasPrefix("\u{1B}[K")
        let words = Array(clears ? part.dropFirst(3) : part)
        shown = clears ? words : words + shown.dropFirst(words.count)
      }
      return String(shown)
    }
  }

  @Test func theProgressLineIsGoneWhenTheReportIsPrinted() {
    // The capture spans nearly three seconds.
    let run = bench.shell(
      "script -qec \"$sluice replay send.yaml --in wire=Pcaps/incast.pcap --speed 1x\" /dev/null")
    #expect(run.wait() == .status(0), "\(run.output)")
    #expect(run.output.contains("pps\r\u{1B}[K"), "no progress was shown: \(run.output)")
    let lines = screen(run.output)
    #expect(lines.first?.hasPrefix("replay send.yaml: ") ?? false, "\(lines.first ?? "")")
  }
}
