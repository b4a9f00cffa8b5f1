// SPDX-License-Identifier: BSD-3-Clause
import Bench
import Glibc

/// What a shell does with Sluice.
enum Shell {
  static let checkout = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()

  /// The executable that was built together with the tests.
  static let sluice: String = {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = readlink("/proc/self/exe", &path, path.count - 1)
    let tests = String(
      decoding: path.prefix(max(length, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let folder = tests.split(separator: "/").dropLast().map { "/" + $0 }.joined()
    return folder + "/sluice"
  }()

  static var hasSluice: Bool { access(sluice, X_OK) == 0 }

  struct Result {
    let status: Int
    let output: String
    let errors: String
  }

  /// Runs a line of a shell in the checkout, in which `sluice` is the executable under test and
  /// `$TMPDIR` a folder of its own.
  static func run(_ line: String) -> Result {
    let folder = Folder()
    let script = folder.file("script", Array((setup(in: folder) + line + "\n").utf8))
    let (out, err) = (folder.place("out"), folder.place("err"))
    let status = system("bash \(script) >\(out) 2>\(err) </dev/null")
    return Result(
      status: Int(status >> 8 & 0xff), output: String(decoding: contents(of: out), as: UTF8.self),
      errors: String(decoding: contents(of: err), as: UTF8.self))
  }

  private static func setup(in folder: Folder) -> String {
    "export TMPDIR=\(folder.path)\ncd '\(checkout)'\nsluice() { '\(sluice)' \"$@\"; }\n"
  }

  /// The words of the call of `sluice` in a line: without what is around it, such as `> file`.
  static func words(ofFirstSluiceIn line: String) -> [String] {
    let words = line.split(whereSeparator: { " ()<".contains($0) }).map(String.init)
    guard let start = words.firstIndex(of: "sluice") else { return [] }
    return Array(words[(start + 1)...].prefix { !["|", ">", ";"].contains($0) })
  }
}
