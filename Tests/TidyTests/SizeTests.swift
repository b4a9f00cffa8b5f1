// SPDX-License-Identifier: BSD-3-Clause
import Testing

/// Short files and functions: a file that outgrows its limit has taken in a second subject.
@Suite struct SizeTests {
  /// Longer files, and why they are.
  static let longFiles: [String: String] = [
    "Tests/ConfigurationTests/BadYAML.swift": "a table of bad files, one after the other"
  ]
  static let bodies = Repository.swift.flatMap { BodyFinder($0).bodies }

  @Test func filesHaveThreeHundredLinesAtMost() {
    let long = (Repository.swift + Repository.native).filter { $0.lines.count - 1 > 300 }
    #expect(long.map(\.path).filter { Self.longFiles[$0] == nil } == [])
  }

  @Test func functionsHaveSeventyLinesAtMost() {
    let long = Self.bodies.filter { $0.length > 70 && !$0.place.hasPrefix("Package.swift") }
    #expect(long.map { "\($0.place): \($0.length) lines" } == [])
  }

  @Test func mostFunctionsFitOnAScreen() {
    let lengths = Self.bodies.filter { $0.isFunction && $0.place.hasPrefix("Sources/") }
      .map(\.length).sorted()
    let median = lengths[lengths.count / 2]
    let ninetieth = lengths[lengths.count * 9 / 10]
    #expect(median <= 8)
    #expect(ninetieth <= 25)
  }

  @Test func theEngineCanBeReadInOneSitting() {
    let engine = Repository.sources.filter { $0.folder == "Pipeline" }
    let lines = engine.reduce(0) { $0 + $1.lines.count - 1 }
    #expect(lines <= 1600)
  }

  @Test func linesHaveAHundredColumnsAtMost() {
    let read =
      Repository.files(".swift", ".c", ".h", ".yaml", "Makefile", ".ci/run")
      + Repository.files(in: "Tools/", "")
    let wide = read.flatMap { file in
      file.lines.enumerated().filter { $0.element.count > 100 }
        .map { "\(file.path):\($0.offset + 1)" }
    }
    #expect(wide == [])
  }
}
