// SPDX-License-Identifier: BSD-3-Clause
import RunningSluice

/// A folder that says what one run of Sluice does: `command.txt` has the words after `sluice`,
/// `expected/` the files it writes and its report, `why.txt` a sentence on what it shows and how
/// the expectation was verified.
struct GoldenCase: CustomStringConvertible {
  let name: String

  static let root = Place.package + "/Tests/GoldenTests"

  static let all: [GoldenCase] = Folder.names(in: root + "/Cases").map { GoldenCase(name: $0) }

  var description: String { name }
  var path: String { "\(Self.root)/Cases/\(name)" }
  var expected: String { path + "/expected" }
  var why: String { Folder.text(of: path + "/why.txt") }

  var words: [String] {
    Folder.text(of: path + "/command.txt").split(whereSeparator: \.isWhitespace).map(String.init)
  }

  /// The names that a run's folder has: of the case's own files, and of where inputs come from.
  var links: [(name: String, target: String)] {
    let own = Folder.names(in: path).filter { $0 != "expected" }.map { ($0, "\(path)/\($0)") }
    return own + [
      ("Pcaps", Place.package + "/Pcaps"), ("Pipelines", Place.package + "/Pipelines"),
      ("Inputs", Self.root + "/Inputs"), ("captures", Place.captures),
    ]
  }

  /// The first public capture that the case needs and this machine does not have.
  var missingCapture: String? {
    words.compactMap { $0.split(separator: "=").last }
      .filter { $0.hasPrefix("captures/") }
      .map { Place.captures + $0.dropFirst("captures".count) }
      .first { Folder.bytes(of: $0).isEmpty }
  }
}
