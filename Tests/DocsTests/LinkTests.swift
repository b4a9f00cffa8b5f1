// SPDX-License-Identifier: BSD-3-Clause
import Foundation
import Testing

@Suite("Links and paths")
struct LinkTests {
  @Test(arguments: Document.all)
  func everyLinkLeadsSomewhere(_ document: Document) throws {
    let folder = (document.path as NSString).deletingLastPathComponent
    for link in document.links {
      let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
      let file = parts[0].isEmpty ? document.path : "\(folder)/\(parts[0])"
      let path = NSString(string: file).standardizingPath
      #expect(FileManager.default.fileExists(atPath: "\(Document.root)/\(path)"), "\(link)")
      guard parts.count == 2, path.hasSuffix(".md") else { continue }
      let anchors = try Document(path).anchors
      #expect(anchors.contains(String(parts[1])), "no heading for \(link)")
    }
  }

  @Test(arguments: Document.all)
  func everyPathOfTheRepositoryExists(_ document: Document) {
    let tops = ["Sources/", "Tests/", "Pipelines/", "Pcaps/", "Tools/", "Examples/", "docs/"]
    for span in document.codeSpans where tops.contains(where: span.hasPrefix) {
      guard !span.contains(" "), !span.contains("*") else { continue }
      #expect(FileManager.default.fileExists(atPath: "\(Document.root)/\(span)"), "\(span)")
    }
  }

  @Test func everyPageIsLinked() {
    let pages = Set(Document.all.map(\.path)).subtracting(["README.md", "Pcaps/README.md"])
    let linked = Document.all.flatMap { document in
      let folder = (document.path as NSString).deletingLastPathComponent
      return document.links.map { link in
        let file = link.split(separator: "#", omittingEmptySubsequences: false)[0]
        return NSString(string: "./\(folder)/\(file)").standardizingPath
      }
    }
    let normalized = Set(linked.map { $0.hasPrefix("./") ? String($0.dropFirst(2)) : $0 })
    #expect(pages.subtracting(normalized).isEmpty)
  }
}
