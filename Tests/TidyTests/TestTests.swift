// SPDX-License-Identifier: BSD-3-Clause
import Testing

/// Tests read as sentences, and do not get in each other's way.
@Suite struct TestTests {
  static let files = Repository.files(in: "Tests/", ".swift")

  @Test func testsAreNamedWithSentences() {
    let function = #/@Test\b(?:[^{]|\{[^}]*\})*?\bfunc (\w+)/#
    var short: [String] = []
    for file in Self.files {
      for match in Code(file).text.matches(of: function) {
        let name = match.output.1
        let words = name.count { $0.isUppercase } + 1
        if words < 3 { short.append("\(file.path): \(name)") }
      }
    }
    #expect(short == [])
  }

  @Test func testsThatNeedDPDKRunOneAfterTheOther() {
    // DPDK starts once per process and its ports are global: one suite, `Running`, holds them all.
    let touching = Self.files.filter { file in
      let code = Code(file).text
      return code.contains("@Test") && code.contains(Self.uses)
    }
    let alone = touching.filter { !$0.text.contains("extension Running") }
    #expect(alone.map(\.path) == [])
  }

  private static var uses: Regex<Substring> { #/\b(?:Environment\.(?:eal|withPool)|Stand\()/# }

  private static var sleeps: Regex<Substring> {
    #/\b(?:Task\.sleep|Thread\.sleep|(?:u|nano|clock_nano)?sleep\()/#
  }

  /// Lines on which the code sleeps, but for the pauses of a loop that looks at a condition again
  /// and again: its head is at most two lines above.
  static func sleeps(in code: String) -> [Int] {
    let lines = code.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.indices.filter { number in
      let near = lines[max(0, number - 2)...number]
      return lines[number].contains(Self.sleeps)
        && !near.contains { $0.contains(#/\b(?:while|for) /#) }
    }
  }

  @Test func testsNeverWaitForAFixedTime() {
    let sleeping = Self.files.flatMap { file in
      Self.sleeps(in: Code(file).text).map { "\(file.path):\($0 + 1)" }
    }
    #expect(sleeping == [])
  }

  @Test(arguments: [
    "usleep(200_000)", "sleep(1)", "try await Task.sleep(for: .seconds(1))",
    "while !done {\n  a()\n  b()\n}\nusleep(5)", "nanosleep(&time, nil)",
  ])
  func aFixedTimeIsSeen(code: String) { #expect(Self.sleeps(in: code).count == 1) }

  @Test(arguments: [
    "while !done { usleep(10) }", "for _ in 0..<9 {\n  if done { return }\n  sleep(1)\n}",
  ])
  func aPauseBetweenTwoLooksIsNone(code: String) { #expect(Self.sleeps(in: code) == []) }
}
