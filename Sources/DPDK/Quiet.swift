// SPDX-License-Identifier: BSD-3-Clause
import Glibc

/// Keeps the process to itself while DPDK and its drivers start threads and talk.
enum Quiet {
  /// Holds signals back meanwhile: threads that are made inherit that they never take one, so the
  /// control thread gets those that are meant for the process.
  static func withoutSignals<Result, Failure: Error>(
    when condition: Bool = true, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard condition else { return try body() }
    var held = sigset_t()
    var before = sigset_t()
    sigemptyset(&held)
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGCHLD, SIGWINCH] {
      sigaddset(&held, signal)
    }
    pthread_sigmask(SIG_BLOCK, &held, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    return try body()
  }

  /// Runs `body` with standard output and error leading nowhere, for code that prints what it also
  /// logs, or what tells a user nothing.
  static func withoutOutput<Result, Failure: Error>(
    when condition: Bool = true, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard condition else { return try body() }
    fflush(nil)
    let silenced = [Silenced(descriptor: STDOUT_FILENO), Silenced(descriptor: STDERR_FILENO)]
    defer {
      fflush(nil)
      for descriptor in silenced { descriptor.restore() }
    }
    return try body()
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
