// SPDX-License-Identifier: BSD-3-Clause
import Glibc

/// What a path leads to, however it is spelled: a file that is there, or a name in a folder.
public struct FileIdentity: Hashable, Sendable {
  private var device: UInt64 = 0
  private var inode: UInt64 = 0
  /// In the folder that device and inode are of, for a file that is not there yet.
  private var name: String?

  /// Nil for a device such as /dev/null, which keeps nothing that could be lost.
  ///
  /// "-" is standard input, or standard output when it is to be written.
  public init?(path: String, isWritten: Bool) {
    var status = stat()
    let isStandard = path == "-"
    let code =
      isStandard
      ? fstat(isWritten ? STDOUT_FILENO : STDIN_FILENO, &status) : stat(path, &status)
    let kind = status.st_mode & S_IFMT
    if isStandard, code != 0 || kind != S_IFREG {
      if !isWritten { return nil }
      name = path
    } else if code != 0 {
      nameMissing(path)
    } else if kind == S_IFCHR {
      return nil
    } else {
      (device, inode) = (UInt64(status.st_dev), UInt64(status.st_ino))
    }
  }

  private mutating func nameMissing(_ path: String) {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { path[...$0] } ?? "."
    name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    var status = stat()
    if stat(String(folder), &status) == 0 {
      (device, inode) = (UInt64(status.st_dev), UInt64(status.st_ino))
    } else {
      // Nobody can write there either.
      name = path
    }
  }

  /// All that writing to `path` touches: the file, and its name until it is whole.
  public static func written(_ path: String) -> [FileIdentity] {
    ([path] + (OutputFile.partialPath(for: path).map { [$0] } ?? []))
      .compactMap { FileIdentity(path: $0, isWritten: true) }
  }
}
