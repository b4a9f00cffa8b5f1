// SPDX-License-Identifier: BSD-3-Clause

import Glibc

/// What went wrong with a capture file, where in it, and what to do about it.
public struct CaptureError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The path as it was given, or "standard input" or "standard output".
  public let file: String
  public let problem: String
  /// Where the record that could not be read begins, in bytes from the start of the file.
  public let offset: UInt64?
  public let advice: String

  init(file: String, problem: String, offset: UInt64? = nil, advice: String) {
    self.file = file
    self.problem = problem
    self.offset = offset
    self.advice = advice
  }

  public var description: String {
    let place = offset.map { " (at byte \($0))" } ?? ""
    return "\(file): \(problem)\(place); \(advice)"
  }
}

extension CaptureError {
  /// `1 whole packet was written`, `2 whole packets were written`.
  static func written(_ count: UInt64) -> String {
    "\(count) whole \(count == 1 ? "packet was" : "packets were") written"
  }

  /// `1 packet before it was read`, `2 packets before it were read`.
  static func read(_ count: UInt64) -> String {
    "\(count) \(count == 1 ? "packet before it was" : "packets before it were") read"
  }

  /// A failed system call; `operation` completes "cannot ...".
  init(file: String, operation: String, errno code: Int32) {
    self.init(
      file: file, problem: "cannot \(operation): \(String(cString: strerror(code)))",
      advice: Self.advice(errno: code, file))
  }

  private static func advice(errno code: Int32, _ file: String) -> String {
    switch code {
    case ENOENT where !file.hasPrefix("/"):
      "check the path: it begins in the directory that sluice was started in"
    case ENOENT: "check the path and that its folder exists"
    case EACCES, EPERM, EROFS: "check the permissions of the file and its folder"
    case ENOSPC, EDQUOT: "free some space, or write to another disk"
    case EFBIG: "raise the limit of the file's size (ulimit -f), or write to another disk"
    case EPIPE: "the program that was reading has gone"
    case EMFILE, ENFILE: "raise the limit of open files (ulimit -n)"
    case EISDIR: "name a file in it"
    default: "check the disk or the device behind it"
    }
  }
}
