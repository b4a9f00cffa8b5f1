// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
import Glibc

/// The folder in which DPDK keeps a process's sockets: `/var/run/dpdk/PREFIX` for root, and in
/// `$XDG_RUNTIME_DIR` or `/tmp` for others.
enum RuntimeFolder {
  static let telemetrySocket = "dpdk_telemetry.v2"
  /// Version 1, which DPDK opens beside it.
  private static let olderSocket = "telemetry"

  static var path: String { String(cString: cdpdk_runtime_folder()) }

  /// Has the folder of this process removed with what is in it, however the process ends; a second
  /// signal leaves what other processes attach to. DPDK removes the socket at the end, and the
  /// folder never.
  static func removeAtEnd() {
    let sockets = [telemetrySocket, olderSocket].map { path + "/" + $0 }
    for place in sockets + [path] { cdpdk_socket_file_remember(place) }
    atexit {
      let path = RuntimeFolder.path
      for name in SystemFiles.names(in: path) { unlink("\(path)/\(name)") }
      rmdir(path)
    }
  }
}
