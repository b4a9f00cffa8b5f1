// SPDX-License-Identifier: BSD-3-Clause
import Glibc

/// A folder of its own for one test, removed with what is in it.
public final class Folder: Sendable {
  public let path: String

  public init() {
    var template = Array("/tmp/sluice-bench-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { preconditionFailure("no temporary folder") }
    path = String(cString: made)
  }

  deinit {
    for name in names { unlink(place(name)) }
    rmdir(path)
  }

  /// Where a file of that name would be.
  public func place(_ name: String) -> String { path + "/" + name }

  public var names: [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Writes a file of these bytes and gives its path.
  public func file(_ name: String, _ bytes: [UInt8]) -> String {
    guard let file = fopen(place(name), "w") else { return place(name) }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
    return place(name)
  }
}

/// The bytes of a file, none when there is no such file.
public func contents(of path: String) -> [UInt8] {
  guard let file = fopen(path, "r") else { return [] }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = fread(&chunk, 1, chunk.count, file)
    if count == 0 { return bytes }
    bytes += chunk[..<count]
  }
}

/// What a command prints on its standard output.
public func output(of command: String) -> String {
  guard let pipe = popen(command, "r") else { return "" }
  defer { pclose(pipe) }
  var text: [UInt8] = []
  while case let byte = fgetc(pipe), byte != EOF { text.append(UInt8(truncatingIfNeeded: byte)) }
  return String(decoding: text, as: UTF8.self)
}

public func isInstalled(_ tool: String) -> Bool {
  system("command -v \(tool) >/dev/null 2>&1") == 0
}
