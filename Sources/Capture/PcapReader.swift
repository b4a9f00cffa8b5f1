// SPDX-License-Identifier: BSD-3-Clause

import CPcap
import Glibc

/// Reads a pcap file through libpcap.
///
/// libpcap reads from a `FILE` that asks this object for bytes and can be asked where it is, which
/// gives damage an offset, on pipes too.
final class PcapReader: RecordReader {
  let content: RecordContent
  private let source: ByteSource
  private let stream: PcapStream
  private let handle: OpaquePointer

  init(_ source: ByteSource) throws(CaptureError) {
    self.source = source
    stream = PcapStream(source)
    handle = try stream.open()
    content = RecordContent(libpcap: pcap_datalink(handle))
  }

  deinit { pcap_close(handle) }

  var snapLength: Int { Int(pcap_snapshot(handle)) }

  func next() throws(ReadFailure) -> FileRecord? {
    let start = stream.position
    var header: UnsafeMutablePointer<pcap_pkthdr>?
    var data: UnsafePointer<UInt8>?
    let status = pcap_next_ex(handle, &header, &data)
    if status == 1, let header = header?.pointee, let data {
      return FileRecord(
        bytes: UnsafeRawBufferPointer(start: data, count: Int(header.caplen)),
        nanoseconds: Self.nanoseconds(header.ts), originalLength: header.len, content: content)
    }
    if status == PCAP_ERROR_BREAK { return nil }
    if let refusal = source.refusal { throw .refusal(refusal) }
    throw .damage(String(cString: pcap_geterr(handle)), at: start)
  }

  /// A pcap file's 32-bit seconds are unsigned, but libpcap takes them for signed ones. A negative
  /// fraction counts as none.
  private static func nanoseconds(_ time: timeval) -> UInt64 {
    UInt64(UInt32(truncatingIfNeeded: time.tv_sec)) * 1_000_000_000
      + UInt64(clamping: time.tv_usec)
  }
}

/// A byte source as the `FILE` that libpcap wants.
final class PcapStream {
  private let source: ByteSource
  private var stream: UnsafeMutablePointer<FILE>?
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)

  init(_ source: ByteSource) { self.source = source }
  deinit { buffer.deallocate() }

  /// How many bytes libpcap has taken.
  var position: UInt64 { stream.map { UInt64(clamping: ftello($0)) } ?? 0 }

  /// Opens it with libpcap, whose handle must be closed before this object goes.
  func open() throws(CaptureError) -> OpaquePointer {
    stream = cpcap_open_stream(Unmanaged.passUnretained(self).toOpaque(), "r", Self.functions)
    guard let stream else {
      throw CaptureError(file: source.file, operation: "open a stream for it", errno: errno)
    }
    setvbuf(stream, buffer.baseAddress, _IOFBF, buffer.count)
    var text = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    let precision = UInt32(PCAP_TSTAMP_PRECISION_NANO)
    if let handle = pcap_fopen_offline_with_tstamp_precision(stream, precision, &text) {
      return handle
    }
    fclose(stream)
    self.stream = nil
    let words = text.withUnsafeBufferPointer { $0.baseAddress.map(String.init(cString:)) ?? "" }
    throw source.refusal
      ?? CaptureError(
        file: source.file, problem: words, offset: 0,
        advice: "pcap and pcapng files can be read; `file` or `capinfos` may tell what this is")
  }

  private static let functions = cpcap_stream(
    read: { cookie, bytes, count in
      PcapStream.from(cookie)?.source
        .read(into: UnsafeMutableRawBufferPointer(start: bytes, count: count)) ?? -1
    }, write: nil,
    seek: { cookie, position, whence in
      guard let stream = PcapStream.from(cookie), whence == SEEK_CUR, position.pointee == 0 else {
        return -1
      }
      position.pointee = Int(clamping: stream.source.delivered)
      return 0
    }, close: nil)

  private static func from(_ cookie: UnsafeMutableRawPointer?) -> PcapStream? {
    cookie.map { Unmanaged<PcapStream>.fromOpaque($0).takeUnretainedValue() }
  }
}
