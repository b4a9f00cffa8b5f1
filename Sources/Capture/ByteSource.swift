// SPDX-License-Identifier: BSD-3-Clause

import Glibc

/// The bytes of an input file or pipe, in their order.
final class ByteSource {
  let file: String
  let isStandardInput: Bool
  /// What the file begins with: at least four bytes where it has them.
  let head: [UInt8]
  /// Why bytes stopped coming before the end of the file, when they did.
  private(set) var refusal: CaptureError?
  /// How many bytes were handed out.
  private(set) var delivered: UInt64 = 0
  private let descriptor: Int32
  /// Whether a signal that interrupted a read asked for the end of the whole run.
  private let isStopped: () -> Bool
  /// Called before a read that may have to wait for its bytes.
  private let beforeWaiting: () -> Void
  private let canWait: Bool

  init(
    path: String, isStopped: @escaping () -> Bool, beforeWaiting: @escaping () -> Void
  ) throws(CaptureError) {
    self.isStopped = isStopped
    self.beforeWaiting = beforeWaiting
    isStandardInput = path == "-"
    file = isStandardInput ? "standard input" : path
    descriptor = isStandardInput ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw CaptureError(file: file, operation: "open it", errno: errno)
    }
    var status = stat()
    canWait = fstat(descriptor, &status) != 0 || status.st_mode & S_IFMT != S_IFREG
    head = try Self.readHead(descriptor, file, isStopped)
    try refuseUnsuitable()
  }

  deinit { if !isStandardInput, descriptor >= 0 { close(descriptor) } }

  var format: CaptureFormat { head.starts(with: [0x0A, 0x0D, 0x0D, 0x0A]) ? .pcapng : .pcap }

  /// The next bytes, as many as there are at once: 0 at the end, -1 after an error.
  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    var got = min(head.count, buffer.count)
    if delivered == 0 {
      buffer.copyBytes(from: head.prefix(got))
    } else {
      if canWait { beforeWaiting() }
      got = Self.read(descriptor, into: buffer, isStopped)
    }
    if got < 0 {
      refusal = CaptureError(file: file, operation: "read it", errno: errno)
    } else {
      delivered += UInt64(got)
    }
    return got
  }

  private static func readHead(
    _ descriptor: Int32, _ file: String, _ isStopped: () -> Bool
  ) throws(CaptureError) -> [UInt8] {
    guard isatty(descriptor) == 0 else {
      throw CaptureError(
        file: file, problem: "it is a terminal", advice: "redirect a capture file into it")
    }
    var head: [UInt8] = []
    while head.count < 4 {
      var bytes: [UInt8] = [0, 0, 0, 0]
      let room = bytes.count - head.count
      let count = bytes.withUnsafeMutableBytes { bytes in
        read(descriptor, into: UnsafeMutableRawBufferPointer(rebasing: bytes[..<room]), isStopped)
      }
      if count == 0 { break }
      guard count > 0 else {
        throw CaptureError(file: file, operation: "read it", errno: errno)
      }
      head += bytes.prefix(count)
    }
    return head
  }

  /// Reads what there is, and waits until there is something. A signal that comes just before a
  /// read does not interrupt it: so the waiting is done here, a fifth of a second at a time.
  private static func read(
    _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, _ isStopped: () -> Bool
  ) -> Int {
    while true {
      var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = poll(&request, 1, 200)
      if ready > 0 {
        let got = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        if got >= 0 || errno != EINTR { return got }
      } else if ready < 0, errno != EINTR {
        return -1
      }
      guard isStopped() else { continue }
      errno = EINTR
      return -1
    }
  }
}
