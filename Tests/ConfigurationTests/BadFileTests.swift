// SPDX-License-Identifier: BSD-3-Clause
import Configuration
import Testing

/// A pipeline file with a fault, and all that is to be said of it.
struct BadFile: Sendable, CustomTestStringConvertible {
  let title: String
  let text: String
  /// `LINE:COLUMN severity: message`, then its fix and its note, of each diagnostic.
  let expected: String

  init(_ title: String, text: String, _ expected: String) {
    self.title = title
    self.text = text
    self.expected = expected
  }

  /// The stages stand from line 7, column 7 on, in a file that is good otherwise.
  init(_ title: String, stage: String, _ expected: String) {
    let lines = stage.split(separator: "\n").map { "      \($0)\n" }.joined()
    self.init(
      title,
      text: """
        sluice: 1
        ports: {a: "null:", b: "null:"}
        pipelines:
          p:
            input: [a, b]
            stages:
        \(lines)      - drop

        """, expected)
  }

  var testDescription: String { title }
}

@Suite struct BadFileTests {
  @Test(
    arguments: BadFile.badYAML + BadFile.badValues + BadFile.badKeys + BadFile.badStages
      + BadFile.badReferences + BadFile.badParameters + BadFile.badShared)
  func eachFaultIsNamedAtItsPlace(_ bad: BadFile) {
    let loaded = PipelineFile.load(text: bad.text, name: "bad.yaml", catalog: .sample)
    let found = loaded.diagnostics.flatMap { diagnostic in
      let place = "\(diagnostic.location.line):\(diagnostic.location.column)"
      return ["\(place) \(diagnostic.severity): \(diagnostic.message)"]
        + (diagnostic.fix.map { ["fix: \($0)"] } ?? [])
        + (diagnostic.note.map { ["note: \($0.location.line): \($0.message)"] } ?? [])
    }
    #expect(found.joined(separator: "\n") == bad.expected)
  }

  @Test(arguments: BadFile.badYAML + BadFile.badValues)
  func noFileComesOfAFault(_ bad: BadFile) {
    let loaded = PipelineFile.load(text: bad.text, name: "bad.yaml", catalog: .sample)
    #expect(loaded.file == nil)
  }
}
