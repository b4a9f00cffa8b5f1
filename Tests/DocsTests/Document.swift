// SPDX-License-Identifier: BSD-3-Clause
import Foundation

/// A page of the documentation, taken apart.
struct Document: CustomStringConvertible, Sendable {
  /// From the root of the repository.
  let path: String
  let lines: [String]

  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  init(_ path: String) throws {
    self.path = path
    let text = try String(contentsOfFile: "\(Self.root)/\(path)", encoding: .utf8)
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  var description: String { path }

  /// Every page there is.
  static let all: [Document] = {
    let inside = FileManager.default.enumerator(atPath: "\(root)/docs")
    let pages = (inside?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".md") }.sorted()
      .map { "docs/\($0)" }
    let top = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "Pcaps/README.md"]
    return (top + pages).compactMap { try? Document($0) }
  }()

  /// A fenced block of a page.
  struct Block: CustomStringConvertible, Sendable {
    let path: String
    /// Of the opening fence, from 1.
    let line: Int
    /// The words behind the fence: a language, and what else is said of the block.
    let words: [String]
    let lines: [String]

    var language: String { words.first ?? "" }
    var text: String { lines.map { $0 + "\n" }.joined() }
    var description: String { "\(path):\(line)" }
  }

  var blocks: [Block] {
    var blocks: [Block] = []
    var start: Int?
    for (index, line) in lines.enumerated() where line.hasPrefix("```") {
      guard let open = start else {
        start = index
        continue
      }
      let words = lines[open].dropFirst(3).split(separator: " ").map(String.init)
      blocks.append(
        Block(
          path: path, line: open + 1, words: words, lines: Array(lines[(open + 1)..<index])))
      start = nil
    }
    return blocks
  }

  static func blocks(_ language: String) -> [Block] {
    all.flatMap(\.blocks).filter { $0.language == language }
  }

  /// The lines outside fenced blocks.
  var prose: [String] {
    var isInside = false
    return lines.filter { line in
      if line.hasPrefix("```") { isInside.toggle() }
      return !isInside && !line.hasPrefix("```")
    }
  }

  /// What stands between backticks in the prose.
  var codeSpans: [String] {
    prose.joined(separator: " ").split(separator: "`", omittingEmptySubsequences: false)
      .enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
  }

  /// The targets of the links, without those that lead out of the repository.
  var links: [String] {
    prose.flatMap { line in
      line.matches(of: /\]\(([^)]+)\)/).map { String($0.output.1) }
    }.filter { !$0.contains("://") }
  }

  /// The names under which other pages can point into this one.
  var anchors: Set<String> {
    Set(
      prose.filter { $0.hasPrefix("#") }.map { heading in
        let words = heading.drop { $0 == "#" || $0 == " " }.lowercased()
        return String(
          words.filter { $0.isLetter || $0.isNumber || " -_".contains($0) }
            .map { $0 == " " ? "-" : $0 })
      })
  }
}
