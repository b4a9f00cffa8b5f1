// SPDX-License-Identifier: BSD-3-Clause

/// A text in which there are pieces that make good seeds.
struct SeedText {
  private let text: String
  private var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

  init(_ bytes: [UInt8]) { text = String(decoding: bytes, as: UTF8.self) }

  /// What stands between two quotes, or two backticks, of a line.
  var quoted: [String] {
    lines.flatMap { line in
      ["\"", "`"].flatMap { quote in
        line.split(separator: quote, omittingEmptySubsequences: false).dropFirst().map(String.init)
      }
    }
  }

  /// The plain conditions of a pipeline file.
  var conditions: [String] {
    lines.flatMap { line in
      ["when: ", "match: "].compactMap { key in
        line.firstRange(of: key).map { String(line[$0.upperBound...]) }
      }
    }
  }

  /// Pipeline files in the code blocks of a page, and in the long literals of Swift code.
  var blocks: [String] {
    ["```yaml\n", "\"\"\""].flatMap { start in
      text.split(separator: start, omittingEmptySubsequences: false).dropFirst().compactMap {
        let block = outdented($0.prefix { $0 != "`" && $0 != "\"" })
        return block.contains("pipelines:") ? block : nil
      }
    }
  }

  /// Words as a pipeline file has them.
  var words: [String] {
    text.split { " \n{}[],:\"'".contains($0) }.map(String.init).filter { word in
      (2...20).contains(word.utf8.count) && word.utf8.allSatisfy { (0x21..<0x7f).contains($0) }
    }
  }

  private func outdented(_ block: Substring) -> String {
    let lines = block.split(separator: "\n")
    let indentation = lines.first?.prefix { $0 == " " }.count ?? 0
    return lines.map { $0.dropFirst(indentation) + "\n" }.joined()
  }
}
