// SPDX-License-Identifier: BSD-3-Clause

import CPcap
import Glibc

/// Reads a pcap file through libpcap, but for what `PlainRecords` reads before.
///
/// libpcap reads from a `FILE` that asks this object for bytes and can be asked where it is, which
/// gives damage an offset, on pipes too.
final class PcapReader: RecordReader {
  let content: RecordContent
  let plain: (any PlainReader)?
  private let source: ByteSource
  private let stream: PcapStream
  private let handle: OpaquePointer

  /// - Parameter readsAll: whether libpcap reads plain records too, for comparison.
  init(_ source: ByteSource, readsAll: Bool = false) throws(CaptureError) {
    self.source = source
    stream = PcapStream(source)
    handle = try stream.open()
    content = RecordContent(libpcap: pcap_datalink(handle))
    if case .packets(let linkType) = content, !readsAll {
      plain = PlainRecords(handle, source, stream, linkType)
    } else {
      plain = nil
    }
  }

  deinit { pcap_close(handle) }

  var snapLength: Int { Int(pcap_snapshot(handle)) }

  func next() throws(ReadFailure) -> FileRecord? {
    if let refusal = source.refusal { throw .refusal(refusal) }
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
  /// How many bytes it was given.
  private var delivered: UInt64 = 0
  /// What was read already and is to be delivered next; somebody else's memory.
  private var readAhead = UnsafeRawBufferPointer(start: nil, count: 0)[...]
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

  /// Lets libpcap go on with bytes that were read past it, the last of which ends before
  /// `position`. They must stay where they are for as long as it reads.
  func goOn(with bytes: Slice<UnsafeRawBufferPointer>, before position: UInt64) {
    readAhead = bytes
    delivered = position - UInt64(bytes.count)
  }

  /// The header of the file comes alone, so that the records can be read past libpcap.
  private func read(into room: UnsafeMutableRawBufferPointer) -> Int {
    let header = PlainRecords.fileHeaderLength
    let most = delivered < header ? Int(header - delivered) : room.count
    let got: Int
    if readAhead.isEmpty {
      got = source.read(into: UnsafeMutableRawBufferPointer(rebasing: room.prefix(most)))
    } else {
      got = min(readAhead.count, room.count)
      room.copyBytes(from: readAhead.prefix(got))
      readAhead = readAhead.dropFirst(got)
    }
    if got > 0 { delivered += UInt64(got) }
    return got
  }

  private static let functions = cpcap_stream(
    read: { cookie, bytes, count in
      PcapStream.from(cookie)?
        .read(into: UnsafeMutableRawBufferPointer(start: bytes, count: count)) ?? -1
    }, write: nil,
    seek: { cookie, position, whence in
      guard let stream = PcapStream.from(cookie), whence == SEEK_CUR, position.pointee == 0 else {
        return -1
      }
      position.pointee = Int(clamping: stream.delivered)
      return 0
    }, close: nil)

  private static func from(_ cookie: UnsafeMutableRawPointer?) -> PcapStream? {
    cookie.map { Unmanaged<PcapStream>.fromOpaque($0).takeUnretainedValue() }
  }
}
