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

  @Test func testsNeverWaitForAFixedTime() {
    let sleeping = Self.files.flatMap { file in
      file.places(of: #/\bTask\.sleep|\bThread\.sleep/#, in: Code(file).text)
    }
    #expect(sleeping == [])
  }
}
