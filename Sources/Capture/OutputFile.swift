// SPDX-License-Identifier: BSD-3-Clause

import Glibc

/// An output that has its name only once it is whole: until `finish()` it is `PATH.partial`.
///
/// Standard output, pipes and devices cannot be renamed, and are written directly.
public final class OutputFile {
  /// What messages call it.
  let file: String
  /// The partial file's path, or nil when writing directly.
  let partialPath: String?
  private let finalPath: String
  private let descriptor: Int32
  private var isOpen = true

  init(path: String) throws(CaptureError) {
    file = path == "-" ? "standard output" : path
    partialPath = Self.partialPath(for: path)
    if let partialPath {
      finalPath = Self.resolved(path)
      descriptor = open(partialPath, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
    } else {
      finalPath = path
      descriptor = path == "-" ? STDOUT_FILENO : open(path, O_WRONLY | O_CLOEXEC)
    }
    guard descriptor >= 0 else {
      throw CaptureError(file: file, operation: "create it", errno: errno)
    }
    try refuseUnsuitable()
  }

  deinit { abandon(keeping: true) }

  /// Writes a whole file.
  public static func write(_ text: String, to path: String) throws(CaptureError) {
    let output = try OutputFile(path: path)
    var text = text
    let code = text.withUTF8 { output.write(UnsafeRawBufferPointer($0)).errno }
    guard code == 0 else {
      output.abandon(keeping: false)
      throw CaptureError(file: output.file, operation: "write to it", errno: code)
    }
    try output.finish()
  }

  /// Writes all of `bytes`; when that fails, says how many were written and why it stopped.
  func write(_ bytes: UnsafeRawBufferPointer) -> (written: Int, errno: Int32) {
    var written = 0
    while written < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(written))
      let (count, code) = writeWithoutSignal(rest)
      if count >= 0 {
        written += count
      } else if code == EAGAIN {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&request, 1, -1)
      } else if code != EINTR {
        return (written, code)
      }
    }
    return (written, 0)
  }

  /// How many bytes the file has.
  var size: UInt64 {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? UInt64(clamping: status.st_size) : 0
  }

  /// Why the file can grow no further, as far as that can be told from outside; 0 when it cannot.
  var obstacle: Int32 {
    var space = statvfs()
    if fstatvfs(descriptor, &space) == 0, space.f_bavail == 0 { return ENOSPC }
    var limit = rlimit()
    let code = getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
    return code == 0 && size >= limit.rlim_cur ? EFBIG : 0
  }

  /// Drops what follows the first `length` bytes of a partial file: half a packet.
  func truncate(toLength length: UInt64) {
    if partialPath != nil { _ = ftruncate(descriptor, off_t(clamping: length)) }
  }

  /// Gives the file its name.
  func finish() throws(CaptureError) {
    isOpen = false
    if finalPath != "-", close(descriptor) != 0 {
      throw CaptureError(file: file, operation: "write it to the end", errno: errno)
    }
    if let partialPath, rename(partialPath, finalPath) != 0 {
      throw CaptureError(file: file, operation: "rename \(partialPath) to it", errno: errno)
    }
  }

  /// Leaves the partial file as it is, or removes it.
  func abandon(keeping: Bool) {
    guard isOpen else { return }
    isOpen = false
    if finalPath != "-", descriptor >= 0 { close(descriptor) }
    if let partialPath, !keeping { unlink(partialPath) }
  }

  /// A reader that goes away shall be an error, not a signal that ends the process.
  private func writeWithoutSignal(_ bytes: UnsafeRawBufferPointer) -> (count: Int, errno: Int32) {
    var brokenPipe = sigset_t()
    var before = sigset_t()
    sigemptyset(&brokenPipe)
    sigaddset(&brokenPipe, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &brokenPipe, &before)
    let count = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
    let code = errno
    // It comes with a short count too, when the reader goes in the middle of a write.
    if count < bytes.count {
      var now = timespec()
      sigtimedwait(&brokenPipe, nil, &now)
    }
    pthread_sigmask(SIG_SETMASK, &before, nil)
    return (count, code)
  }

  private func refuseUnsuitable() throws(CaptureError) {
    if partialPath == nil, isatty(descriptor) == 1 {
      abandon(keeping: true)
      throw CaptureError(
        file: file, problem: "it is a terminal", advice: "redirect it to a file or a program")
    }
    guard let partialPath else { return }
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      abandon(keeping: true)
      throw CaptureError(
        file: file, problem: "\(partialPath) is being written by another capture",
        advice: "give each capture a file of its own")
    }
    if ftruncate(descriptor, 0) != 0 {
      throw CaptureError(file: file, operation: "empty \(partialPath)", errno: errno)
    }
  }

  static func isSpecial(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
  }

  /// What a file is called until it is whole; nil for what is written directly.
  static func partialPath(for path: String) -> String? {
    path == "-" || isSpecial(path) ? nil : resolved(path) + ".partial"
  }

  /// Behind a symbolic link it is the file that is replaced, not the link.
  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }
}
