// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
import Glibc
import Synchronization

/// SIGINT, SIGTERM and SIGHUP: the first asks the run to end cleanly, the second ends the process
/// at once.
public enum StopSignal {
  private static let count = Atomic<Int>(0)

  /// From here on the signals are counted instead of ending the process.
  public static func install() {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in
      // Only what is async-signal-safe: an atomic, unlink and _exit.
      guard StopSignal.count.add(1, ordering: .relaxed).newValue > 1 else { return }
      cdpdk_socket_files_remove()
      _exit(130)
    }
    // No SA_RESTART: a read from a pipe that waits must notice that it shall end.
    sigaction(SIGINT, &action, nil)
    sigaction(SIGTERM, &action, nil)
    if !isIgnored(SIGHUP) { sigaction(SIGHUP, &action, nil) }
    signal(SIGPIPE, SIG_IGN)
    // A limit of file sizes shall be an error that says so, not the end of the process.
    signal(SIGXFSZ, SIG_IGN)
  }

  /// As nohup has it for a program that shall outlive its terminal.
  private static func isIgnored(_ signal: Int32) -> Bool {
    var action = sigaction()
    sigaction(signal, nil, &action)
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Whether the run shall end.
  public static var isRaised: Bool { count.load(ordering: .relaxed) > 0 }
}
