// SPDX-License-Identifier: BSD-3-Clause
import Foundation

/// A folder of its own for one test, removed with what is in it.
public final class TemporaryFolder {
  public let path: String

  public init() {
    var template = Array("/tmp/sluice-test-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { preconditionFailure("no temporary folder") }
    path = String(cString: made)
    chmod(path, 0o755)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Where a file of that name would be.
  public func place(_ name: String) -> String { path + "/" + name }

  public func write(_ text: String, to name: String) { write(Array(text.utf8), to: name) }

  public func write(_ bytes: [UInt8], to name: String) { Folder.write(bytes, to: place(name)) }

  public func link(_ name: String, to target: String) { symlink(target, place(name)) }

  /// Regular files, links and what else is there, by name.
  public var names: [String] { Folder.names(in: path) }

  /// Regular files, but no links to what was there before.
  public var files: [String] { names.filter { Folder.isRegularFile(place($0)) } }
}

/// What is in folders and files.
public enum Folder {
  /// Sorted; none where there is no such folder.
  public static func names(in path: String) -> [String] {
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

  static func isRegularFile(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// What a symbolic link points to.
  static func target(of path: String) -> String? {
    try? FileManager.default.destinationOfSymbolicLink(atPath: path)
  }

  /// The bytes of a file; none where it cannot be read.
  public static func bytes(of path: String) -> [UInt8] {
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

  public static func write(_ bytes: [UInt8], to path: String) {
    guard let file = fopen(path, "w") else { return }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }

  public static func text(of path: String) -> String {
    String(decoding: bytes(of: path), as: UTF8.self)
  }
}
