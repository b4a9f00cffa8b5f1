// SPDX-License-Identifier: BSD-3-Clause
import Glibc

/// A pcap file that a driver writes, which never says when that fails: its size tells.
///
/// It is called `PATH.partial` until `finish` has found it to be whole.
public final class WatchedCapture {
  /// Where the driver has to write.
  public let partialPath: String
  private let output: OutputFile
  /// The size when the file was first seen to be too short: behind that it may have holes.
  private var trusted: UInt64?
  private var failure: CaptureError?

  /// libpcap's file header, and what it puts in front of each packet.
  private static let header: UInt64 = 24
  private static let recordHeader: UInt64 = 16

  /// Nil for a pipe or a device, which has no size to look at.
  public init?(path: String) throws(CaptureError) {
    guard let partialPath = OutputFile.partialPath(for: path) else { return nil }
    self.partialPath = partialPath
    output = try OutputFile(path: path)
  }

  deinit { output.abandon(keeping: output.size > Self.header) }

  /// What is wrong when the file lacks some of the packets that were written by now; libpcap keeps
  /// its header to itself until the first of them.
  public func problem(packets: UInt64, bytes: UInt64) -> CaptureError? {
    packets > 0 ? look(for: packets, bytes) : failure
  }

  private func look(for packets: UInt64, _ bytes: UInt64) -> CaptureError? {
    let size = output.size
    if failure == nil, size < Self.header + packets * Self.recordHeader + bytes {
      trusted = size
      failure = cause
    }
    return failure
  }

  /// Gives the file its name, once the driver has closed it; returns the packets that it holds.
  ///
  /// A file that lacks some is cut behind its last whole packet, and stays partial.
  public func finish(
    packets: UInt64, bytes: UInt64
  ) -> (packets: UInt64, bytes: UInt64, error: CaptureError?) {
    guard let failure = look(for: packets, bytes), let trusted else {
      do throws(CaptureError) { try output.finish() } catch { return (packets, bytes, error) }
      return (packets, bytes, nil)
    }
    let whole = wholePackets(within: trusted)
    output.truncate(toLength: Self.header + whole.packets * Self.recordHeader + whole.bytes)
    output.abandon(keeping: whole.packets > 0)
    let place = whole.packets > 0 ? " to \(partialPath)" : ""
    let error = CaptureError(
      file: failure.file, problem: failure.problem,
      advice: "\(CaptureError.written(whole.packets))\(place); \(failure.advice)")
    return (whole.packets, whole.bytes, error)
  }

  private var cause: CaptureError {
    let code = output.obstacle
    if code != 0 { return CaptureError(file: output.file, operation: "write it", errno: code) }
    return CaptureError(
      file: output.file, problem: "packets are missing in it, and the driver does not say why",
      advice: "check the disk behind it, or write with the stage `capture`")
  }

  private func wholePackets(within size: UInt64) -> (packets: UInt64, bytes: UInt64) {
    var whole: (packets: UInt64, bytes: UInt64) = (0, 0)
    guard let reader = try? CaptureReader(path: partialPath) else { return whole }
    while let packet = (try? reader.next()) ?? nil {
      let bytes = whole.bytes + UInt64(packet.bytes.count)
      guard Self.header + (whole.packets + 1) * Self.recordHeader + bytes <= size else { break }
      whole = (whole.packets + 1, bytes)
    }
    return whole
  }
}
