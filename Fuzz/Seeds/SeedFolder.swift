// SPDX-License-Identifier: BSD-3-Clause
import Glibc

/// The inputs that one target begins with: a file for each that differs from the others.
struct SeedFolder {
  private let path: String
  private(set) var all: Set<[UInt8]> = []

  init(_ folder: String, _ target: String) {
    path = folder + "/" + target
    mkdir(folder, 0o755)
    mkdir(path, 0o755)
  }

  mutating func add(_ seed: [UInt8]) {
    guard all.insert(seed).inserted else { return }
    write(seed, to: path + "/\(all.count)")
  }

  /// In libFuzzer's form: a word in quotes on each line.
  func writeDictionary(_ words: [String]) {
    let lines = Set(words).sorted().map { word in
      "\"" + word.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\"\n"
    }
    write(Array(lines.joined().utf8), to: path + ".dict")
  }

  private func write(_ bytes: [UInt8], to path: String) {
    guard let file = fopen(path, "w") else { fatalError("cannot write \(path)") }
    let count = fwrite(bytes, 1, bytes.count, file)
    guard fclose(file) == 0, count == bytes.count else { fatalError("cannot write \(path)") }
  }
}
