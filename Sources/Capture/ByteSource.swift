// SPDX-License-Identifier: BSD-3-Clause

import CPcap
import Glibc

/// The bytes of an input file or pipe on their way to libpcap, counted.
///
/// libpcap reads from a `FILE` that asks this object and can be asked where it is, which gives
/// damage an offset, on pipes too.
final class ByteSource {
  let file: String
  let isStandardInput: Bool
  /// What the file begins with: at least four bytes where it has them.
  let head: [UInt8]
  /// Why bytes stopped coming before the end of the file, when they did.
  private(set) var refusal: CaptureError?
  private let descriptor: Int32
  /// Whether a signal that interrupted a read asked for the end of the whole run.
  private let isStopped: () -> Bool
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
  private var stream: UnsafeMutablePointer<FILE>?
  private var delivered: UInt64 = 0
  /// The last bytes that were delivered, in `buffer`: libpcap may have taken some of them only.
  private var latest = 0..<0
  /// As far as the bytes before the latest.
  private var blocks = BlockTracker()

  /// A section with more interfaces than that is an attack on memory, not a capture.
  private static let mostInterfaces = 65_536

  init(path: String, isStopped: @escaping () -> Bool) throws(CaptureError) {
    self.isStopped = isStopped
    isStandardInput = path == "-"
    file = isStandardInput ? "standard input" : path
    descriptor = isStandardInput ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw CaptureError(file: file, operation: "open it", errno: errno)
    }
    head = try Self.readHead(descriptor, file, isStopped)
  }

  deinit {
    if !isStandardInput, descriptor >= 0 { close(descriptor) }
    buffer.deallocate()
  }

  var format: CaptureFormat { head.starts(with: [0x0A, 0x0D, 0x0D, 0x0A]) ? .pcapng : .pcap }

  /// How many bytes libpcap has taken.
  var position: UInt64 { stream.map { UInt64(clamping: ftello($0)) } ?? 0 }

  /// Where the pcapng block begins that libpcap was in last.
  var blockStart: UInt64 {
    var tracker = blocks
    let ahead = min(delivered - min(position, delivered), UInt64(latest.count))
    let taken = buffer[latest].dropLast(Int(ahead))
    tracker.pass(UnsafeRawBufferPointer(UnsafeMutableRawBufferPointer(rebasing: taken)))
    return tracker.blockStart
  }

  /// The stream for libpcap; it must be closed before this object goes.
  func openStream() -> UnsafeMutablePointer<FILE>? {
    let functions = cpcap_stream(
      read: { cookie, bytes, count in
        ByteSource.from(cookie)?.read(into: bytes, count) ?? -1
      }, write: nil,
      seek: { cookie, position, whence in
        guard let source = ByteSource.from(cookie), whence == SEEK_CUR, position.pointee == 0 else {
          return -1
        }
        position.pointee = Int(clamping: source.delivered)
        return 0
      }, close: nil)
    stream = cpcap_open_stream(Unmanaged.passUnretained(self).toOpaque(), "r", functions)
    if let stream { setvbuf(stream, buffer.baseAddress, _IOFBF, buffer.count) }
    return stream
  }

  private static func from(_ cookie: UnsafeMutableRawPointer?) -> ByteSource? {
    cookie.map { Unmanaged<ByteSource>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Called by the stream when its buffer, which is ours, is empty.
  private func read(into bytes: UnsafeMutablePointer<CChar>, _ count: Int) -> Int {
    if isFloodedWithInterfaces() { return -1 }
    var got = min(head.count, count)
    if delivered == 0 {
      UnsafeMutableRawBufferPointer(start: bytes, count: got).copyBytes(from: head.prefix(got))
    } else {
      repeat {
        got = Glibc.read(descriptor, bytes, count)
      } while got < 0 && errno == EINTR && !isStopped()
    }
    if got < 0 {
      refusal = CaptureError(file: file, operation: "read it", errno: errno)
      return -1
    }
    latest = 0..<got
    delivered += UInt64(got)
    return got
  }

  private func isFloodedWithInterfaces() -> Bool {
    guard format == .pcapng else { return false }
    blocks.pass(UnsafeRawBufferPointer(UnsafeMutableRawBufferPointer(rebasing: buffer[latest])))
    latest = 0..<0
    guard blocks.interfaces > Self.mostInterfaces else { return false }
    refusal = CaptureError(
      file: file, problem: "a section has more than \(Self.mostInterfaces) interfaces",
      offset: blocks.blockStart, advice: "it is no capture that a real tool has written")
    return true
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
      let count = Glibc.read(descriptor, &bytes, bytes.count - head.count)
      if count == 0 { break }
      if count > 0 { head += bytes.prefix(count) }
      if count < 0, errno != EINTR || isStopped() {
        throw CaptureError(file: file, operation: "read it", errno: errno)
      }
    }
    return head
  }
}
