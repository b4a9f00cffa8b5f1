// SPDX-License-Identifier: BSD-3-Clause

import CPcap
import Glibc

/// The bytes of an input file or pipe on their way to libpcap, counted.
///
/// libpcap reads through an unbuffered `FILE` that asks this buffer, so that `consumed` is
/// exactly what it took: that gives damage an offset, on pipes too.
final class ByteSource {
  let file: String
  let isStandardInput: Bool
  private(set) var consumed: UInt64 = 0
  /// Why bytes stopped coming before the end of the file, when they did.
  private(set) var refusal: CaptureError?
  private(set) var blocks = BlockTracker()
  private(set) var format: CaptureFormat = .pcap
  private let descriptor: Int32
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
  private var unread = 0..<0

  /// A section with more interfaces than that is an attack on memory, not a capture.
  private static let mostInterfaces = 65_536

  init(path: String) throws(CaptureError) {
    isStandardInput = path == "-"
    file = isStandardInput ? "standard input" : path
    descriptor = isStandardInput ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw CaptureError(file: file, operation: "open it", errno: errno)
    }
    guard isatty(descriptor) == 0 else {
      throw CaptureError(
        file: file, problem: "it is a terminal", advice: "redirect a capture file into it")
    }
    try fill()
    let magic: [UInt8] = [0x0A, 0x0D, 0x0D, 0x0A]
    if head.starts(with: magic) { format = .pcapng }
  }

  deinit {
    if !isStandardInput, descriptor >= 0 { close(descriptor) }
    buffer.deallocate()
  }

  /// What the file begins with; at least four bytes where it has them.
  var head: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer[unread]) }

  /// The stream for libpcap; it must be closed before this object goes.
  func makeStream() -> UnsafeMutablePointer<FILE>? {
    let functions = cpcap_stream(
      read: { cookie, bytes, count in
        guard let cookie else { return -1 }
        return Unmanaged<ByteSource>.fromOpaque(cookie)._withUnsafeGuaranteedRef {
          $0.read(into: bytes, count)
        }
      }, write: nil, seek: nil, close: nil)
    let stream = cpcap_open_stream(Unmanaged.passUnretained(self).toOpaque(), "r", functions)
    if let stream { setvbuf(stream, nil, _IONBF, 0) }
    return stream
  }

  private func read(into bytes: UnsafeMutablePointer<CChar>, _ count: Int) -> Int {
    if unread.isEmpty {
      do throws(CaptureError) { try fill() } catch {
        refusal = error
        return -1
      }
    }
    let taken = UnsafeRawBufferPointer(rebasing: buffer[unread].prefix(count))
    guard let base = taken.baseAddress, !taken.isEmpty else { return 0 }
    memcpy(bytes, base, taken.count)
    unread = unread.lowerBound + taken.count..<unread.upperBound
    consumed += UInt64(taken.count)
    return isRefused(taken) ? -1 : taken.count
  }

  private func isRefused(_ taken: UnsafeRawBufferPointer) -> Bool {
    guard format == .pcapng else { return false }
    blocks.pass(taken)
    guard blocks.interfaces > Self.mostInterfaces else { return false }
    refusal = CaptureError(
      file: file, problem: "a section has more than \(Self.mostInterfaces) interfaces",
      offset: blocks.blockStart, advice: "it is no capture that a real tool has written")
    return true
  }

  /// Fills an empty buffer; leaves it empty at the end of the file.
  private func fill() throws(CaptureError) {
    unread = 0..<0
    while unread.count < 4 {
      let free = UnsafeMutableRawBufferPointer(rebasing: buffer[unread.upperBound...])
      let count = Glibc.read(descriptor, free.baseAddress, free.count)
      if count == 0 { return }
      if count > 0 { unread = 0..<unread.upperBound + count }
      if count < 0, errno != EINTR {
        throw CaptureError(file: file, operation: "read it", errno: errno)
      }
    }
  }
}
