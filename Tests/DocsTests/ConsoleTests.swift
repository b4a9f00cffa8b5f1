// SPDX-License-Identifier: BSD-3-Clause
import Foundation
import Testing

@Suite("Output in the documentation", .serialized)
struct ConsoleTests {
  /// Of one page, in their order: what one command writes, the next may read.
  struct Session: CustomStringConvertible, Sendable {
    let document: Document
    var description: String { document.path }
    var blocks: [Document.Block] { document.blocks.filter { $0.language == "console" } }
  }

  private static let sessions = Document.all.map(Session.init).filter { !$0.blocks.isEmpty }

  @Test func figuresStandUnderTheCommandThatMadeThem() {
    for block in Document.all.flatMap(\.blocks) {
      if block.language == "console" {
        #expect(block.lines.first?.hasPrefix("$ ") ?? false, "\(block)")
      } else {
        let isMeasured = block.text.contains(/\d (k|M|G)?(pps|bit\/s)\b|\d cycles/)
        #expect(!isMeasured, "\(block): figures belong into a console block with their command")
      }
    }
  }

  @Test(
    .enabled(if: Shell.canRun, "needs tshark, and the executable beside the tests"),
    arguments: sessions)
  func commandsPrintWhatIsShown(_ session: Session) throws {
    let shell = try Shell(session.document)
    for block in session.blocks {
      var shown: [String] = []
      var printed: [String] = []
      for line in block.lines {
        if line.hasPrefix("$ ") {
          Self.compare(shown, printed, block)
          shown = []
          printed = try shell.run(String(line.dropFirst(2)))
        } else {
          shown.append(line)
        }
      }
      Self.compare(shown, printed, block)
    }
  }

  /// Every shown line is among the printed ones, in their order; `...` stands for any number.
  private static func compare(_ shown: [String], _ printed: [String], _ block: Document.Block) {
    var rest = printed.map(comparable)[...]
    var skips = false
    for line in shown {
      if line == "..." {
        skips = true
        continue
      }
      let wanted = comparable(line)
      if skips { rest = rest.drop { $0 != wanted } }
      skips = false
      #expect(rest.first == wanted, "\(block)")
      rest = rest.dropFirst()
    }
    #expect(skips || rest.allSatisfy(\.isEmpty), "\(block): more was printed: \(rest)")
  }

  /// The line without what differs from run to run: times, rates, cycles, and columns' widths.
  private static func comparable(_ line: String) -> String {
    line.replacing(/\b[\d.,]+ (ns|us|ms|s)\b/, with: "TIME")
      .replacing(/\b[\d.,]+ [KMG]?(pps|bit\/s)/, with: "RATE")
      .replacing(/\ \d+\.\d( |$)/, with: " CYCLES ")
      .split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
