// SPDX-License-Identifier: BSD-3-Clause
import Settings
import Testing

@testable import Configuration

@Suite struct HostileFileTests {
  func load(_ bytes: [UInt8]) -> LoadedPipelineFile {
    PipelineFile.load(bytes, name: "hostile.yaml", [:], .sample, DiagnosticLog())
  }

  func load(_ text: String) -> LoadedPipelineFile { load(Array(text.utf8)) }

  struct Input: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: @Sendable () -> [UInt8]
    let message: String

    init(
      _ title: String, _ message: String, _ bytes: @autoclosure @escaping @Sendable () -> [UInt8]
    ) {
      testDescription = title
      self.bytes = bytes
      self.message = message
    }
  }

  /// What fuzzers find belongs here as well.
  static let inputs: [Input] = [
    Input("a NUL", "a control character (U+0000) cannot stand here", Array("sluice: \0".utf8)),
    Input(
      "a terminal escape", "a control character (U+001B) cannot stand here",
      Array("sluice: \u{1B}[2J".utf8)),
    Input("random bytes", "not UTF-8 text", [0x80, 0xFF, 0x00, 0xC3]),
    Input("a cut character", "not UTF-8 text", Array("sluice: 1".utf8) + [0xE2, 0x82]),
    Input("UTF-16", "not UTF-8 text", [0xFF, 0xFE, 0x73, 0x00, 0x6C, 0x00]),
    Input(
      "an executable", "a control character (U+007F) cannot stand here", Array("\u{7F}ELF".utf8)),
    Input(
      "deep brackets", "nested deeper than 64 levels",
      Array(repeating: UInt8(ascii: "["), count: 100_000)),
    Input(
      "deep braces", "nested deeper than 64 levels",
      Array(String(repeating: "{a: ", count: 50_000).utf8)),
    Input(
      "deep lists", "nested deeper than 64 levels",
      Array(String(repeating: "- ", count: 50_000).utf8)),
    Input(
      "an alias bomb", "an anchor ('&name') is not allowed in a pipeline file",
      Array("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n".utf8)),
    Input(
      "too many values", "more than 1000000 values in one file",
      Array(("a: [" + String(repeating: "1,", count: 1_000_001) + "]").utf8)),
    Input(
      "a list as a key of a key", "expected a key, found a list",
      Array("? [? [a]]\n: 1\n".utf8)),
    Input(
      "more than 16 MiB", "the file is larger than 16 MiB",
      [UInt8](repeating: UInt8(ascii: " "), count: TextFile.mostBytes + 1)),
    Input(
      "10 MB on one line", "expected a mapping with 'sluice: 1', found '\(long)…'",
      [UInt8](repeating: UInt8(ascii: "x"), count: 10_000_000)),
    Input(
      "10 MB of line breaks", "the file is empty",
      [UInt8](repeating: UInt8(ascii: "\n"), count: 10_000_000)),
  ]

  static let long = String(repeating: "x", count: 60)

  @Test(arguments: inputs)
  func isRefusedWithOneError(_ input: Input) {
    let loaded = load(input.bytes())
    #expect(loaded.file == nil)
    #expect(loaded.diagnostics.map(\.message) == [input.message])
  }

  @Test func aByteOrderMarkIsNoPartOfTheText() {
    let loaded = load([0xEF, 0xBB, 0xBF] + Array(PipelineFileTests.good.utf8))
    #expect(loaded.diagnostics.isEmpty)
  }

  @Test func theDiagnosticsOfALongLineAreShort() {
    let loaded = load(
      "sluice: 1\n" + String(repeating: "x", count: 1_000_000) + ": 1\npipelines: {}\n")
    let longest = loaded.diagnostics.map { $0.text().count }.max() ?? 0
    #expect(longest < 600)
  }

  @Test func manyErrorsAreCut() {
    let keys = (0..<10_000).map { "key\($0): 1\n" }.joined()
    let loaded = load("sluice: 1\n" + keys)
    #expect(loaded.diagnostics.count == DiagnosticLog.most + 1)
    #expect(loaded.diagnostics.last?.message == "too many errors: only the first 200 are shown")
  }

  @Test func aChainOfManyJumpsIsFollowedToItsEnd() {
    let count = 20_000
    let links = (1..<count).map { "  p\($0): {stages: [jump: p\(($0 + 1) % count)]}\n" }.joined()
    let loaded = load(
      """
      sluice: 1
      ports: {a: "null:"}
      pipelines:
        p0: {input: a, stages: [jump: p1]}
      \(links)
      """)
    let loops = loaded.diagnostics.map(\.message).filter { $0.contains("closes a loop") }
    #expect(loops.count == 1)
    #expect(loops.first?.hasPrefix("this jump closes a loop: p0 -> p1") == true)
  }

  @Test func parametersCannotGrowWithoutBound() {
    let value = String(repeating: "x", count: 100_000)
    let uses = String(repeating: "${x}", count: 10_000)
    let loaded = load(
      "sluice: 1\nparameters: {x: \(value)}\nports: {a: \"\(uses)\"}\npipelines: {}\n")
    #expect(
      loaded.diagnostics.contains {
        $0.message == "the parameters' values add up to more than 16 MiB"
      })
  }

  @Test func anythingMadeOfAGoodFileIsAFileOrAnError() {
    var random = SplitMix(state: 42)
    let good = Array(PipelineFileTests.good.utf8)
    for _ in 0..<3000 {
      #expect(PipelineFilePromises.broken(by: mutated(good, &random)) == nil)
    }
  }

  private func mutated(_ good: [UInt8], _ random: inout SplitMix) -> [UInt8] {
    let pieces = [
      "\t", "\0", "${", "}", "[", "]", "{", "{}", ": ", "- ", "\n", "'", "\"", "|", "&a ", "*a",
      "!!x ", "é", "\u{1F600}", "\u{2028}", "-1", "99999999999999999999", "0x", "%", "---\n", "#",
      "ns", "null", "~", "in {", "..", "\r", "$${", "? ", "> ",
    ]
    var bytes = good
    for _ in 0...Int.random(in: 0..<4, using: &random) {
      let start = Int.random(in: 0..<bytes.count, using: &random)
      let end = min(bytes.count, start + Int.random(in: 0..<12, using: &random))
      switch Int.random(in: 0..<4, using: &random) {
      case 0: bytes.removeSubrange(start..<end)
      case 1:
        bytes.insert(contentsOf: pieces.randomElement(using: &random)?.utf8 ?? "".utf8, at: start)
      case 2: bytes[start] = UInt8.random(in: 0...255, using: &random)
      default:
        bytes.insert(
          contentsOf: bytes[start..<end], at: Int.random(in: 0..<start + 1, using: &random))
      }
      if bytes.isEmpty { bytes = [0x20] }
    }
    return bytes
  }
}

/// A small generator with a seed (Steele, Lea and Flood 2014), so that a failure comes again.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
