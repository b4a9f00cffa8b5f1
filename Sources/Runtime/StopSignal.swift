// SPDX-License-Identifier: BSD-3-Clause
import Glibc
import Synchronization

/// SIGINT and SIGTERM: the first asks the run to end cleanly, the second ends the process at once.
public enum StopSignal {
  private static let count = Atomic<Int>(0)

  /// From here on the signals are counted instead of ending the process.
  public static func install() {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in
      // Only what is async-signal-safe: an atomic and _exit.
      if StopSignal.count.add(1, ordering: .relaxed).newValue > 1 { _exit(130) }
    }
    // No SA_RESTART: a read from a pipe that waits must notice that it shall end.
    sigaction(SIGINT, &action, nil)
    sigaction(SIGTERM, &action, nil)
    signal(SIGPIPE, SIG_IGN)
    // A limit of file sizes shall be an error that says so, not the end of the process.
    signal(SIGXFSZ, SIG_IGN)
  }

  /// Whether the run shall end.
  public static var isRaised: Bool { count.load(ordering: .relaxed) > 0 }
}
