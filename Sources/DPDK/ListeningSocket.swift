// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
import Glibc

/// Socket files that ports listen on. The drivers do not replace those of processes that were
/// killed, and some remove that of a process which still runs: so a port takes its file first.
enum ListeningSocket {
  // Ports are opened and closed by the control thread alone.
  nonisolated(unsafe) private static var ports: [String: Int] = [:]

  /// Takes the file for one more port of this process; false when another process listens there.
  static func take(_ path: String) -> Bool {
    if let others = ports[path] {
      ports[path] = others + 1
      return true
    }
    if isServed(path) { return false }
    removeIfStale(path)
    ports[path] = 1
    cdpdk_socket_file_remember(path)
    return true
  }

  /// With the last port goes the file, which not every driver removes.
  static func leave(_ path: String) {
    guard let count = ports[path] else { return }
    ports[path] = count > 1 ? count - 1 : nil
    guard count == 1 else { return }
    cdpdk_socket_file_forget(path)
    removeIfStale(path)
  }

  /// Removes a socket file that a process which was killed has left behind.
  static func removeIfStale(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return }
    if !isServed(path) { unlink(path) }
  }

  /// Whether some process has bound its socket to the file.
  ///
  /// A datagram never becomes a connection to a stream or a sequence of packets: the kernel tells
  /// whether there is a socket, and its owner does not notice. A connection that is closed at once
  /// would make DPDK's memif driver abort its process.
  static func isServed(_ path: String) -> Bool {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    guard path.utf8.count <= longestPath else { return false }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let probe = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | O_CLOEXEC, 0)
    guard probe >= 0 else { return false }
    defer { close(probe) }
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(probe, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    return result == 0 || (errno != ECONNREFUSED && errno != ENOENT && errno != ENOTDIR)
  }

  /// Whether some process of this network namespace listens at a name that is no file: the kernel
  /// has one such name for each type of socket, so that a probe of another type finds nobody.
  static func isServed(name: String) -> Bool {
    let listening = "00010000"
    return SystemFiles.contents("/proc/net/unix").split(separator: "\n").contains { line in
      let words = line.split(separator: " ", maxSplits: 7)
      return words.count == 8 && words[3] == listening && words[7] == "@" + name
    }
  }

  /// Bytes of a path that the kernel's address of a socket has room for.
  static let longestPath = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1
}
