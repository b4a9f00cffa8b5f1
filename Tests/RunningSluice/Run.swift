// SPDX-License-Identifier: BSD-3-Clause
import Glibc

/// A process that a test started, in a folder of its own, with its output in files there.
///
/// A process that is still there when its test has lost interest is killed.
public final class Run {
  /// How a process ended.
  public enum End: Equatable, Sendable {
    case status(Int32)
    case signal(Int32)
    /// It ran for longer than the test would wait, and was killed.
    case tookTooLong
  }

  public let process: pid_t
  private let folder: TemporaryFolder
  private let outputPath: String
  private let errorPath: String
  private var end: End?

  /// Words after the first one are its arguments; the first is looked up in PATH.
  public init(_ words: [String], in folder: TemporaryFolder, input: String = "/dev/null") {
    self.folder = folder
    let number = Run.count.next()
    outputPath = folder.place(".output-\(number)")
    errorPath = folder.place(".error-\(number)")
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
    for (descriptor, path) in [(Int32(1), outputPath), (Int32(2), errorPath)] {
      posix_spawn_file_actions_addopen(&actions, descriptor, path, O_WRONLY | O_CREAT, 0o644)
    }
    defer { posix_spawn_file_actions_destroy(&actions) }
    let place = ["env"] + Run.withoutRuntimeFolder + ["-C", folder.path]
    process = Run.spawn(place + Run.onAllProcessors + words, &actions)
  }

  deinit { if end == nil { kill() } }

  /// `sluice` with these arguments.
  public static func sluice(
    _ arguments: [String], in folder: TemporaryFolder, input: String = "/dev/null"
  ) -> Run {
    Run([Place.executable] + arguments, in: folder, input: input)
  }

  /// A line for the shell, where `$sluice` is the executable.
  public static func shell(_ line: String, in folder: TemporaryFolder) -> Run {
    Run(["/bin/sh", "-c", "sluice='\(Place.executable)'; " + line], in: folder)
  }

  public var output: String { Folder.text(of: outputPath) }
  public var errors: String { Folder.text(of: errorPath) }
  public var isRunning: Bool { poll() == nil }

  /// Whether the process has opened a file.
  public func isHolding(_ path: String) -> Bool {
    let folder = "/proc/\(process)/fd"
    return Folder.names(in: folder).contains { Folder.target(of: "\(folder)/\($0)") == path }
  }

  public func send(_ signal: Int32) { Glibc.kill(process, signal) }

  /// Waits for the end, so many seconds at most.
  @discardableResult
  public func wait(seconds: Double = 60) -> End {
    if !Self.until(seconds: seconds, { self.poll() != nil }) {
      kill()
      end = .tookTooLong
    }
    return end ?? .tookTooLong
  }

  /// Looks again and again until the condition holds; false when it did not in time.
  public static func until(seconds: Double = 30, _ condition: () -> Bool) -> Bool {
    var waited = 0.0
    while !condition() {
      if waited >= seconds { return false }
      usleep(5000)
      waited += 0.005
    }
    return true
  }

  private func poll() -> End? {
    if let end { return end }
    var status: Int32 = 0
    guard waitpid(process, &status, WNOHANG) == process else { return nil }
    let signal = status & 0x7f
    end = signal == 0 ? .status(status >> 8 & 0xff) : .signal(signal)
    return end
  }

  /// The process and all that it started.
  private func kill() {
    guard process > 1 else { return }
    Glibc.kill(-process, SIGKILL)
    var status: Int32 = 0
    waitpid(process, &status, 0)
  }
}

extension Run {
  /// In a group of its own, with no signal ignored or blocked.
  fileprivate static func spawn(
    _ words: [String], _ actions: inout posix_spawn_file_actions_t
  ) -> pid_t {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
    posix_spawnattr_setflags(&attributes, Int16(flags))
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { sigaddset(&signals, signal) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    var arguments = words.map { strdup($0) } + [nil]
    defer { arguments.forEach { free($0) } }
    var process: pid_t = 0
    let error = posix_spawnp(&process, words[0], &actions, &attributes, &arguments, environ)
    precondition(error == 0, "cannot start \(words[0]): \(String(cString: strerror(error)))")
    return process
  }

  /// DPDK pins the thread that starts it, and a thread's children inherit that.
  fileprivate static var onAllProcessors: [String] { ["taskset", "ffffffff"] }

  /// While DPDK starts in the tests' own process, the variable says that there is no such folder.
  fileprivate static var withoutRuntimeFolder: [String] { ["-u", "RUNTIME_DIRECTORY"] }

  fileprivate static let count = RunCounter()
}
