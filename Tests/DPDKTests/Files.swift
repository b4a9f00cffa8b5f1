// SPDX-License-Identifier: BSD-3-Clause
import Glibc

/// Files for one test, in a directory that goes when the test is done.
final class TemporaryDirectory {
  let path: String

  init() {
    var template = Array("/tmp/sluice-test-XXXXXX".utf8CString)
    path = template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) } ?? "/nonexistent"
    }
  }

  deinit { _ = run("rm", "-rf", path) }

  func write(_ name: String, _ text: String) {
    let file = "\(path)/\(name)"
    if let slash = file.lastIndex(of: "/") { _ = run("mkdir", "-p", String(file[..<slash])) }
    writeFile(file, Array(text.utf8))
  }

  func link(_ name: String, to target: String) { symlink(target, "\(path)/\(name)") }
}

func writeFile(_ path: String, _ bytes: [UInt8]) {
  guard let file = fopen(path, "w") else { return }
  fwrite(bytes, 1, bytes.count, file)
  fclose(file)
}

func readFile(_ path: String) -> [UInt8] {
  guard let file = fopen(path, "r") else { return [] }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 65_536)
  while true {
    let count = fread(&chunk, 1, chunk.count, file)
    if count == 0 { return bytes }
    bytes += chunk.prefix(count)
  }
}

/// Runs a program without a word, and returns whether it succeeded.
@discardableResult
func run(_ words: String...) -> Bool {
  let command = words.map { "'\($0)'" }.joined(separator: " ")
  return system("\(command) >/dev/null 2>&1") == 0
}

/// The package, whose captures lie beside it.
let packageRoot = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
let captures = packageRoot + "/../shared/captures/public"

/// The packets of a capture file in the byte order of this machine, read without anybody's help.
func packetsOfCapture(_ path: String) -> [Frame] {
  let bytes = readFile(path)
  func number(_ offset: Int) -> Int {
    (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
  }
  var packets: [Frame] = []
  var offset = 24
  while offset + 16 <= bytes.count {
    let length = number(offset + 8)
    guard offset + 16 + length <= bytes.count else { break }
    packets.append(Frame(bytes: Array(bytes[offset + 16..<offset + 16 + length])))
    offset += 16 + length
  }
  return packets
}
