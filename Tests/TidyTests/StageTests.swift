// SPDX-License-Identifier: BSD-3-Clause
import Pipeline
import Stages
import Testing

/// Every stage is in a file of its own, and in all places where users look for it.
@Suite struct StageTests {
  static let files = Repository.sources.filter { $0.folder == "Stages" }
  static let names = StandardStages.all.map(\.description.name)

  @Test func everyStageHasAFileOfItsOwn() {
    let crowded = Self.files.filter { $0.text.matches(of: Self.declaration).count > 1 }
    #expect(crowded.map(\.path) == [])
  }

  @Test func everyStageThatIsWrittenIsRegistered() {
    let written = Self.files.flatMap { file in
      file.text.contains(Self.declaration)
        ? file.text.matches(of: #/static var name: String \{ "([\w-]+)" \}/#)
          .map { String($0.output.1) } : []
    }
    #expect(written.sorted() == Self.names.sorted())
  }

  private static var declaration: Regex<(Substring, Substring)> {
    #/struct (\w+): (?:Holding)?Stage\b/#
  }

  @Test(arguments: names)
  func everyStageIsFiledUnderItsName(_ name: String) {
    let word = name.filter { $0 != "-" }
    let file = Self.files.first { $0.name.lowercased() == word }
    #expect(file?.text.contains("{ \"\(name)\" }") == true, "expected \(word) as a file's name")
  }

  @Test(arguments: names)
  func everyStageIsAtWorkInAPipeline(_ name: String) {
    let pipelines = Repository.files(in: "Pipelines/", ".yaml")
    #expect(pipelines.contains { Self.uses(name, $0) })
  }

  @Test(.enabled(if: Repository.has("docs/stages"), "docs/stages is not there"), arguments: names)
  func everyStageHasAPageOfReference(_ name: String) {
    #expect(Repository.has("docs/stages/\(name).md"))
  }

  @Test(
    .enabled(if: Repository.has("Tests/GoldenTests/Cases"), "there are no golden cases"),
    arguments: names)
  func everyStageIsInAGoldenCase(_ name: String) {
    let cases = Repository.files(in: "Tests/GoldenTests/Cases/", ".yaml")
    #expect(cases.contains { Self.uses(name, $0) })
  }

  /// Whether the stage is an item of a list in the file, or one that pipelines share.
  private static func uses(_ name: String, _ file: RepositoryFile) -> Bool {
    file.lines.contains { line in
      let item = line.drop { $0 == " " }
      if file.text.contains("\nshared:"), item.hasPrefix(name + ":") { return true }
      guard item.hasPrefix("- ") else { return false }
      let word = item.dropFirst(2).drop { $0 == " " || $0 == "{" }
      return word == name || word.hasPrefix(name + ":") || word.hasPrefix(name + " #")
    }
  }
}
