// SPDX-License-Identifier: BSD-3-Clause

public import Wire

/// Reads a pcap or pcapng file packet by packet, without loading it.
///
/// A cut or damaged file gives every packet before the damage, then an error with its offset.
/// Packets of a pcap file are cut to its snap length.
public final class CaptureReader {
  /// As given; "-" is standard input.
  public let path: String
  public let format: CaptureFormat
  /// The link type of the first interface, or of the first packet where that cannot be read or does
  /// not say. Each packet has its own.
  public private(set) var linkType = LinkType.ethernet
  /// The most bytes that the file says to keep of a packet; of a pcapng file, its first interface.
  public var snapLength: Int { records.snapLength }
  /// Records that hold no packet Sluice can read, by reason.
  public private(set) var skippedRecords: [String: UInt64] = [:]
  public private(set) var packetsRead: UInt64 = 0

  private let source: ByteSource
  private let records: any RecordReader
  /// What reads ahead of `records`.
  private let plain: (any PlainReader)?
  /// For a single packet of it.
  private let one = UnsafeMutablePointer<CapturedPacket>.allocate(capacity: 1)
  /// A result that was read before it was asked for.
  private var pending: Result<CapturedPacket?, CaptureError>?
  /// What every later call gives: the end of the file, or the damage.
  private var end: Result<CapturedPacket?, CaptureError>?

  /// - Parameter isStopped: asked when a signal interrupts a read that waits: true ends the file.
  /// - Parameter beforeWaiting: called before a pipe is read, which may have to wait.
  public convenience init(
    path: String, isStopped: @escaping () -> Bool = { false },
    beforeWaiting: @escaping () -> Void = {}
  ) throws(CaptureError) {
    let source = try ByteSource(path: path, isStopped: isStopped, beforeWaiting: beforeWaiting)
    try self.init(path, source, Self.open(source))
  }

  /// - Parameter readsPlain: whether packets may be read ahead; false for comparison.
  init(
    _ path: String, _ source: ByteSource, _ records: any RecordReader, readsPlain: Bool = true
  ) throws(CaptureError) {
    self.path = path
    self.source = source
    self.records = records
    plain = readsPlain ? records.plain : nil
    format = source.format
    switch records.content {
    case .packets(let known): linkType = known
    case .endace: readAhead()
    case .unsupported(let name):
      // Another interface of the file may be one that we know.
      if format == .pcapng { readAhead() }
      if case .success(.some) = pending { return }
      if case .failure(let error) = pending { throw error }
      throw CaptureError(
        file: source.file, problem: "link type \(name) is not supported",
        advice: "Ethernet, raw IP, Linux cooked v1 and v2, null/loopback, InfiniBand and ERF are")
    }
  }

  deinit { one.deallocate() }

  static func open(_ source: ByteSource) throws(CaptureError) -> any RecordReader {
    guard source.format == .pcapng else { return try PcapReader(source) }
    do throws(ReadFailure) {
      return try PcapngReader(source)
    } catch {
      throw CaptureError(error, in: source.file, after: 0)
    }
  }

  /// The next packet, or nil at the end of the file.
  public func next() throws(CaptureError) -> CapturedPacket? {
    if let result = pending {
      pending = nil
      return try result.get()
    }
    return try read()
  }

  /// Puts the next packets into `batch`, as many as are at hand; false at the end of the file.
  ///
  /// Their bytes are valid until the next call of this or of `next()`.
  public func next(into batch: inout CaptureBatch) throws(CaptureError) -> Bool {
    if let plain, pending == nil {
      batch.count = plain.read(into: batch.packets, atMost: CaptureBatch.capacity)
      packetsRead += UInt64(batch.count)
      if batch.count > 0 { return true }
    }
    batch.count = 0
    guard let packet = try next() else { return false }
    batch.hold(packet)
    return true
  }

  /// Only its records say what the file carries.
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
    if let plain, plain.read(into: one, atMost: 1) == 1 {
      packetsRead += 1
      return one.pointee
    }
    while end == nil {
      do throws(ReadFailure) {
        guard let record = try records.next() else {
          end = .success(nil)
          break
        }
        if let packet = packet(record) {
          packetsRead += 1
          return packet
        }
      } catch {
        end = .failure(CaptureError(error, in: source.file, after: packetsRead))
      }
    }
    return try end?.get() ?? nil
  }

  private func packet(_ record: FileRecord) -> CapturedPacket? {
    switch record.content {
    case .packets(let linkType):
      return CapturedPacket(
        bytes: record.bytes, nanoseconds: record.nanoseconds,
        originalLength: record.originalLength, linkType: linkType)
    case .endace: return endacePacket(record.bytes)
    case .unsupported(let name):
      skippedRecords["link type \(name) is not supported", default: 0] += 1
      return nil
    }
  }

  private func endacePacket(_ bytes: UnsafeRawBufferPointer) -> CapturedPacket? {
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
}

extension CaptureError {
  fileprivate init(_ failure: ReadFailure, in file: String, after packets: UInt64) {
    switch failure {
    case .refusal(let error): self = error
    case .damage(let problem, let offset):
      self.init(
        file: file, problem: problem, offset: offset,
        advice: "\(Self.read(packets)); the file is cut or damaged there")
    }
  }
}
