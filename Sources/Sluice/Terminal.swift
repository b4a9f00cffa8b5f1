// SPDX-License-Identifier: BSD-3-Clause
import Glibc
import Synchronization

/// Standard output and standard error.
enum Terminal {
  /// Whether standard output could not take something, other than because its reader went away.
  static var outputHasFailed: Bool { failed.load(ordering: .relaxed) }
  private static let failed = Atomic(false)

  /// Writes a text and a line's end to standard output.
  static func print(_ text: String) { write(text + (text.hasSuffix("\n") ? "" : "\n"), to: 1) }

  /// Writes a text and a line's end to standard error.
  static func error(_ text: String) { write(text + (text.hasSuffix("\n") ? "" : "\n"), to: 2) }

  /// Replaces the line that a person is watching on standard error.
  static func progress(_ text: String) { write("\r\u{1B}[K" + text, to: 2) }

  /// Writes bytes to standard output as they are; false when nobody takes them any more.
  static func print(_ bytes: [UInt8]) -> Bool { bytes.withUnsafeBytes { write($0, to: 1) } }

  static var errorIsTerminal: Bool { isatty(2) == 1 }
  static var outputIsTerminal: Bool { isatty(1) == 1 }

  /// Whether errors may be coloured: on a terminal, unless https://no-color.org says no.
  static var colorsErrors: Bool { errorIsTerminal && getenv("NO_COLOR") == nil }

  /// A reader that has gone away is no error of ours: what is left is not written.
  private static func write(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { _ = write(UnsafeRawBufferPointer($0), to: descriptor) }
  }

  /// Whether all bytes were taken.
  private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        if descriptor == 1 && errno != EPIPE { failed.store(true, ordering: .relaxed) }
        return false
      }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
    }
    return true
  }
}
