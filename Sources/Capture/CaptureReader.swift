// SPDX-License-Identifier: BSD-3-Clause

import CPcap
public import Wire

/// Reads a pcap or pcapng file packet by packet, through libpcap, without loading it.
///
/// A cut or damaged file gives every packet before the damage, then an error with its offset.
/// The limits are libpcap's: it stops, in its own words, at a pcapng interface whose link type or
/// snap length differs from the first one's, and cuts packets to a pcap file's snap length.
public final class CaptureReader {
  /// As given; "-" is standard input.
  public let path: String
  public let format: CaptureFormat
  /// The link type of the packets; of an ERF file, that of the first packet.
  public private(set) var linkType = LinkType.ethernet
  /// The most bytes that the file says to keep of a packet.
  public let snapLength: Int
  /// Records that hold no packet Sluice can read, by reason; only ERF files have them.
  public private(set) var skippedRecords: [String: UInt64] = [:]
  public private(set) var packetsRead: UInt64 = 0

  private let source: ByteSource
  private let handle: OpaquePointer
  private let isERF: Bool
  /// A result that was read before it was asked for.
  private var pending: Result<CapturedPacket?, CaptureError>?
  /// What every later call gives: the end of the file, or the damage.
  private var end: Result<CapturedPacket?, CaptureError>?

  /// - Parameter isStopped: asked when a signal interrupts a read that waits: true ends the file.
  public init(
    path: String, isStopped: @escaping () -> Bool = { false }
  ) throws(CaptureError) {
    source = try ByteSource(path: path, isStopped: isStopped)
    handle = try source.openWithLibpcap()
    self.path = path
    format = source.format
    snapLength = Int(pcap_snapshot(handle))
    let number = pcap_datalink(handle)
    isERF = number == DLT_ERF
    if let known = LinkType(libpcap: number) {
      linkType = known
    } else if isERF {
      readAhead()
    } else {
      throw .unsupported(linkType: number, file: source.file)
    }
  }

  deinit { pcap_close(handle) }

  /// The next packet, or nil at the end of the file.
  public func next() throws(CaptureError) -> CapturedPacket? {
    if let result = pending {
      pending = nil
      return try result.get()
    }
    return try read()
  }

  /// Only its records say what an ERF file carries.
  private func readAhead() {
    do throws(CaptureError) {
      let first = try read()
      if let first { linkType = first.linkType }
      pending = .success(first)
    } catch {
      pending = .failure(error)
    }
  }

  private func read() throws(CaptureError) -> CapturedPacket? {
    while end == nil {
      let start = format == .pcap ? source.position : 0
      var header: UnsafeMutablePointer<pcap_pkthdr>?
      var data: UnsafePointer<UInt8>?
      let status = pcap_next_ex(handle, &header, &data)
      if status == 1, let header, let data {
        if let packet = packet(header.pointee, data) {
          packetsRead += 1
          return packet
        }
      } else if status == PCAP_ERROR_BREAK {
        end = .success(nil)
      } else {
        end = .failure(damage(recordStart: start))
      }
    }
    return try end?.get() ?? nil
  }

  private func packet(_ header: pcap_pkthdr, _ data: UnsafePointer<UInt8>) -> CapturedPacket? {
    let bytes = UnsafeRawBufferPointer(start: data, count: Int(header.caplen))
    guard isERF else {
      return CapturedPacket(
        bytes: bytes, nanoseconds: nanoseconds(header.ts), originalLength: header.len,
        linkType: linkType)
    }
    do throws(ERFRecord.Skipped) {
      let record = try ERFRecord(bytes)
      return CapturedPacket(
        bytes: record.packet, nanoseconds: record.nanoseconds, originalLength: record.wireLength,
        linkType: record.linkType)
    } catch {
      skippedRecords[error.reason, default: 0] += 1
      return nil
    }
  }

  /// pcap has unsigned 32-bit seconds, which libpcap takes for signed ones; pcapng has 64 bits.
  /// A negative fraction counts as none, a time before 1970 as 0, one past 2554 as the last.
  private func nanoseconds(_ time: timeval) -> UInt64 {
    let unsigned = UInt64(UInt32(truncatingIfNeeded: time.tv_sec))
    let seconds = format == .pcap ? unsigned : UInt64(clamping: time.tv_sec)
    let whole = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let sum = whole.partialValue.addingReportingOverflow(UInt64(clamping: time.tv_usec))
    return whole.overflow || sum.overflow ? .max : sum.partialValue
  }

  private func damage(recordStart: UInt64) -> CaptureError {
    if let refusal = source.refusal { return refusal }
    let words = String(cString: pcap_geterr(handle))
    // The one complaint of libpcap that is about itself, not about the file.
    let isLimit = words.contains("of the first interface")
    let cause =
      isLimit
      ? "libpcap wants interfaces that are alike: try `editcap -F nsecpcap \(path) new.pcap`"
      : "the file is cut or damaged there"
    return CaptureError(
      file: source.file, problem: words,
      offset: format == .pcapng ? source.blockStart : recordStart,
      advice: "\(packetsRead) packets before it were read; \(cause)")
  }
}
