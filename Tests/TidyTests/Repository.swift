// SPDX-License-Identifier: BSD-3-Clause
import Foundation
import Testing

/// The checkout that these tests belong to, read as text.
enum Repository {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Everything that people wrote, but for what git ignores.
  static let files: [RepositoryFile] = {
    let hidden = [".build", ".git", "out"]
    let walk = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
    var files: [RepositoryFile] = []
    while let url = walk?.nextObject() as? URL {
      if hidden.contains(url.lastPathComponent) {
        walk?.skipDescendants()
        continue
      }
      let path = String(url.path.dropFirst(root.path.count + 1))
      // Captures and pictures are no text.
      guard let text = try? String(contentsOf: url, encoding: .utf8) else { continue }
      files.append(RepositoryFile(path: path, text: text))
    }
    return files.sorted { $0.path < $1.path }
  }()

  /// The files of a folder whose names end so.
  static func files(in folder: String = "", _ endings: String...) -> [RepositoryFile] {
    files.filter { file in
      file.path.hasPrefix(folder) && endings.contains { file.path.hasSuffix($0) }
    }
  }

  static func has(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appending(path: path).path)
  }

  static let swift = files(".swift")
  static let sources = files(in: "Sources/", ".swift")
  static let native = files(".c", ".h")
}

/// A text file, by its path from the root of the checkout.
struct RepositoryFile: Sendable, CustomTestStringConvertible {
  let path: String
  let text: String

  var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
  /// The target that a source file belongs to.
  var folder: String { String(path.split(separator: "/").dropFirst().first ?? "") }
  var name: String { String(path.split(separator: "/").last?.prefix { $0 != "." } ?? "") }
  var testDescription: String { path }

  /// Where `pattern` occurs, as path and line.
  func places(of pattern: some RegexComponent, in text: String? = nil) -> [String] {
    let lines = (text ?? self.text).split(separator: "\n", omittingEmptySubsequences: false)
    return lines.enumerated().compactMap { number, line in
      line.contains(pattern) ? "\(path):\(number + 1)" : nil
    }
  }
}
