import Settings
// SPDX-License-Identifier: BSD-3-Clause
import Spelling
import Testing

@Suite struct DiagnosticTests {
  func underlined(_ line: String, column: Int, length: Int) -> [Substring] {
    let source = SourceText(name: "f", text: line)
    let location = SourceLocation(source: source, line: 1, column: column, length: length)
    return Array(
      Diagnostic(.error, at: location, "m").text()
        .split(separator: "\n", omittingEmptySubsequences: false).dropFirst())
  }

  static let lines: [(String, Int, Int, String)] = [
    ("- sned: host", 3, 4, "    ^~~~"), ("a: b", 4, 1, "     ^"), ("\t\ta: b", 3, 1, "  \t\t^"),
    ("名前: x", 1, 2, "  ^~~~"), ("名前: x", 5, 1, "        ^"), ("e\u{301}: x", 5, 1, "     ^"),
    ("🚀: x", 4, 1, "      ^"), ("a", 40, 1, "   ^"), ("abc", 2, 90, "   ^~"),
  ]

  @Test(arguments: lines)
  func theCaretStandsBelowWhatIsMeant(
    _ line: String, _ column: Int, _ length: Int, _ caret: String
  ) {
    #expect(underlined(line, column: column, length: length) == ["  \(line)", Substring(caret)])
  }

  @Test func aLongLineIsCutAroundThePlace() throws {
    let line = String(repeating: "a", count: 500) + "X" + String(repeating: "b", count: 500)
    let lines = underlined(line, column: 501, length: 1)
    #expect(lines[0].count < 170 && lines[0].hasPrefix("  …") && lines[0].hasSuffix("…"))
    let caret = try #require(Array(lines[1]).firstIndex(of: "^"))
    #expect(Array(lines[0])[caret] == "X")
  }

  @Test func fixAndNoteFollow() {
    let source = SourceText(name: "p.yaml", text: "a: 1\na: 2")
    let first = SourceLocation(source: source, line: 1, column: 1, length: 1)
    let second = SourceLocation(source: source, line: 2, column: 1, length: 1)
    let diagnostic = Diagnostic(
      .warning, at: second, "'a' is given twice", fix: "remove one",
      note: .init("first given here", at: first))
    #expect(
      diagnostic.text() == """
        p.yaml:2:1: warning: 'a' is given twice
          a: 2
          ^
          fix: remove one
          note: p.yaml:1: first given here
        """)
  }

  @Test func coloursDoNotChangeTheWords() {
    let source = SourceText(name: "p.yaml", text: "a: 1")
    let place = SourceLocation(source: source, line: 1, column: 1, length: 1)
    let diagnostic = Diagnostic(.error, at: place, "wrong", fix: "mend it")
    var colored = diagnostic.text(colored: true)
    #expect(colored.contains("\u{1B}[1;31m"))
    while let start = colored.firstIndex(of: "\u{1B}"),
      let end = colored[start...].firstIndex(of: "m")
    {
      colored.removeSubrange(start...end)
    }
    #expect(colored == diagnostic.text())
  }

  @Test func hostileTextCannotSteerTheTerminal() {
    let source = SourceText(name: "p\u{1B}[2J", text: "a: \u{9B}31m\u{202E}x")
    let place = SourceLocation(source: source, line: 1, column: 1, length: 1)
    let text = Diagnostic(.error, at: place, "x\u{7}\ny", fix: "\u{1B}]0;").text()
    let controls = text.unicodeScalars.filter {
      $0.properties.generalCategory == .control && $0 != "\n" || $0 == "\u{202E}"
    }
    #expect(controls.isEmpty)
    #expect(text.split(separator: "\n").count == 4)
  }

  @Test(arguments: [
    ("a\nb\nc", 3, "b"), ("a\r\nb\r\nc", 3, "b"), ("a\rb\rc", 3, "b"), ("a\u{2028}b\u{85}", 3, "b"),
    ("\n\n", 3, ""), ("", 1, nil),
  ])
  func linesEndAsInYAML(_ text: String, _ count: Int, _ second: String?) {
    let source = SourceText(name: "f", text: text)
    #expect(source.lineCount == count)
    #expect(source.line(2).map(String.init) == second)
  }

  static let words: [(String, String?)] = [
    ("sned", "send"), ("prase", "parse"), ("SEND", "send"), ("track_qps", "track-qps"),
    ("tracqps", "track-qps"), ("snd", "send"), ("x", nil), ("teleport", nil), ("", nil),
    ("jmup", "jump"), ("sends", "send"), (String(repeating: "send", count: 100), nil),
  ]

  @Test(arguments: words)
  func theNearestWordIsProposedWhenNearEnough(_ word: String, _ meant: String?) {
    let stages = ["parse", "send", "jump", "track-qps", "drop"]
    #expect(Spelling.nearest(to: word, among: stages) == meant)
  }
}
