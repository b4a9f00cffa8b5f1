// SPDX-License-Identifier: BSD-3-Clause

import CPcap
import Glibc
import Wire

extension ByteSource {
  /// Opens the stream with libpcap, or says in a user's words why that cannot be.
  func openWithLibpcap() throws(CaptureError) -> OpaquePointer {
    if head.isEmpty {
      throw CaptureError(
        file: file, problem: "the file is empty", offset: 0,
        advice: "a capture without packets still has a header: was it written to the end?")
    }
    try refuseCompression()
    guard let stream = openStream() else {
      throw CaptureError(file: file, operation: "open a stream for it", errno: errno)
    }
    var text = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    let precision = UInt32(PCAP_TSTAMP_PRECISION_NANO)
    if let handle = pcap_fopen_offline_with_tstamp_precision(stream, precision, &text) {
      return handle
    }
    let error = refusal ?? headerError(text)
    fclose(stream)
    throw error
  }

  private func headerError(_ text: [CChar]) -> CaptureError {
    let words = text.withUnsafeBufferPointer { $0.baseAddress.map(String.init(cString:)) ?? "" }
    return CaptureError(
      file: file, problem: words, offset: format == .pcapng ? blockStart : 0,
      advice: "pcap and pcapng files can be read; `file` or `capinfos` may tell what this is")
  }

  private func refuseCompression() throws(CaptureError) {
    let name = isStandardInput ? "FILE" : file
    for (magic, method, command) in Self.compressions where head.starts(with: magic) {
      throw CaptureError(
        file: file, problem: "it is compressed with \(method)",
        advice: "decompress it into standard input: \(command) \(name) | sluice ... with - as file")
    }
  }

  private static let compressions: [(magic: [UInt8], method: String, command: String)] = [
    ([0x1F, 0x8B], "gzip", "gzip -dc"),
    ([0x28, 0xB5, 0x2F, 0xFD], "zstd", "zstd -dc"),
    ([0xFD, 0x37, 0x7A, 0x58], "xz", "xz -dc"),
    ([0x42, 0x5A, 0x68], "bzip2", "bzip2 -dc"),
    ([0x04, 0x22, 0x4D, 0x18], "lz4", "lz4 -dc"),
  ]
}

extension CaptureError {
  static func unsupported(linkType number: Int32, file: String) -> CaptureError {
    CaptureError(
      file: file, problem: "link type \(LinkType.name(libpcap: number)) is not supported",
      advice: "Ethernet, raw IP, Linux cooked v1 and v2, null/loopback, InfiniBand and ERF are")
  }
}
