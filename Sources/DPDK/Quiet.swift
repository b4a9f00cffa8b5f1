// SPDX-License-Identifier: BSD-3-Clause
import Glibc

/// Keeps the process to itself while DPDK starts.
enum Quiet {
  /// Runs `body` with standard output and error closed to DPDK, which prints what it has logged as
  /// well, and with signals held back: so DPDK's threads inherit that they never take one.
  static func during<Result>(_ body: () -> Result) -> Result {
    fflush(nil)
    let output = Silenced(descriptor: STDOUT_FILENO)
    let errors = Silenced(descriptor: STDERR_FILENO)
    let signals = holdSignals()
    defer {
      fflush(nil)
      output.restore()
      errors.restore()
      var before = signals
      pthread_sigmask(SIG_SETMASK, &before, nil)
    }
    return body()
  }

  private static func holdSignals() -> sigset_t {
    var held = sigset_t()
    var before = sigset_t()
    sigemptyset(&held)
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGCHLD, SIGWINCH] {
      sigaddset(&held, signal)
    }
    pthread_sigmask(SIG_BLOCK, &held, &before)
    return before
  }

  private struct Silenced {
    let descriptor: Int32
    let saved: Int32

    init(descriptor: Int32) {
      self.descriptor = descriptor
      saved = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
      let nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC)
      guard saved >= 0, nowhere >= 0 else { return }
      dup2(nowhere, descriptor)
      close(nowhere)
    }

    func restore() {
      guard saved >= 0 else { return }
      dup2(saved, descriptor)
      close(saved)
    }
  }
}
