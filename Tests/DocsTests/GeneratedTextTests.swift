// SPDX-License-Identifier: BSD-3-Clause
import Configuration
import Foundation
import Pipeline
import Runtime
import Stages
import Testing

@Suite("Generated parts of the documentation")
struct GeneratedTextTests {
  /// `Tools/reference-pages` sets it: then pages are corrected instead of complained of.
  private static let writes = ProcessInfo.processInfo.environment["SLUICE_WRITE_PAGES"] != nil
  private static let advice: Comment = "run `make docs`"

  /// The page as it should be: each region between its markers made anew, each file that a block
  /// names shown as it is.
  private static func expected(_ document: Document) throws -> (lines: [String], names: [String]) {
    var result: [String] = []
    var names: [String] = []
    var end: String?
    for line in document.lines {
      if let marker = end {
        guard line == marker else { continue }
        end = nil
      }
      result.append(line)
      if let name = line.wholeMatch(of: /<!-- begin (\S+) -->/)?.output.1 {
        let text = try #require(GeneratedText.regions[String(name)], "\(name)")
        result += text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        names.append(String(name))
        end = "<!-- end \(name) -->"
      } else if let path = line.wholeMatch(of: /```swift (\S+)/)?.output.1 {
        result += try Document(String(path)).lines
          .filter { !$0.contains("SPDX-License-Identifier") }.dropLast()
        end = "```"
      }
    }
    #expect(end == nil, "\(document): '\(end ?? "")' is missing")
    return (result, names)
  }

  @Test(arguments: Document.all)
  func pagesShowWhatTheCodeDeclares(_ document: Document) throws {
    let lines = try Self.expected(document).lines
    if Self.writes && lines != document.lines {
      let path = "\(Document.root)/\(document.path)"
      try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    } else {
      #expect(lines == document.lines, Self.advice)
    }
  }

  @Test func everyTargetIsDescribed() {
    #expect(Target.all.count > 10)
    #expect(Target.all.filter { $0.summary == nil }.map(\.name) == [])
  }

  @Test func everyRegionIsOnAPage() throws {
    let names = try Document.all.flatMap { try Self.expected($0).names }
    #expect(Set(names) == Set(GeneratedText.regions.keys))
  }

  @Test(.enabled(if: !writes), arguments: StandardStages.all.map(\.description.name))
  func stagePagesAreWhatTheDeclarationsGive(_ name: String) throws {
    let type = try #require(StageRegistry(StandardStages.all)[name])
    let page = try Document("docs/stages/\(name).md").lines.joined(separator: "\n")
    #expect(page == StageReference.markdown(for: type.description), Self.advice)
  }

  @Test(.enabled(if: !writes))
  func thereIsAPageForNothingElse() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: "\(Document.root)/docs/stages")
    let expected = StandardStages.all.map { "\($0.description.name).md" } + ["README.md"]
    #expect(Set(files) == Set(expected))
  }

  @Test(.enabled(if: !writes))
  func thePictureIsThatOfTheFlagship() throws {
    let registry = StageRegistry(StandardStages.all)
    let path = "\(Document.root)/Pipelines/flagship.yaml"
    let loaded = PipelineFile.load(path: path, parameters: [:], catalog: FileCatalog(registry))
    let plan = NICPlan(try #require(loaded.file), path: path, registry: registry)
    let picture = try Document("docs/flagship.svg").lines.joined(separator: "\n")
    #expect(picture == PipelineGraph(plan).svg + "\n", Self.advice)
  }
}
