// SPDX-License-Identifier: BSD-3-Clause

import CPcap
import Wire

/// Reads the records of an ordinary pcap file where they lie in large reads: the packets that
/// libpcap would give, several at a time and without a copy of each.
///
/// What is out of the ordinary is left to libpcap, from that record on: a record that is cut or
/// longer than the snap length, and the end of the file.
final class PlainRecords: PlainReader {
  private let source: ByteSource
  /// Where libpcap reads.
  private let stream: PcapStream
  private let linkType: LinkType
  private let isSwapped: Bool
  private let nanosecondsPerTick: UInt64
  /// Longer records libpcap refuses, or cuts.
  private let longest: UInt32
  private let buffer = UnsafeMutableRawPointer.allocate(
    byteCount: PlainRecords.readLength + Int(PlainRecords.longestSane) + 64, alignment: 64)
  /// What was read and not taken yet, in `buffer`.
  private var rest = 0..<0
  /// Where in the file `rest` ends.
  private var position: UInt64 = PlainRecords.fileHeaderLength
  private var isOrdinary = true

  /// Of the file header, which libpcap reads.
  static let fileHeaderLength: UInt64 = 24
  private static let headerLength = 16
  private static let readLength = 1 << 16
  /// What libpcap thinks sane (MAXIMUM_SNAPLEN); twice a read has room for it.
  private static let longestSane: UInt32 = 262_144

  /// Nil for a file that libpcap shall read: an old version, or a magic number of its own.
  init?(
    _ handle: OpaquePointer, _ source: ByteSource, _ stream: PcapStream, _ linkType: LinkType
  ) {
    guard pcap_major_version(handle) == 2, pcap_minor_version(handle) == 4
    else { return nil }
    switch source.head {
    case [0xD4, 0xC3, 0xB2, 0xA1], [0xA1, 0xB2, 0xC3, 0xD4]: nanosecondsPerTick = 1000
    case [0x4D, 0x3C, 0xB2, 0xA1], [0xA1, 0xB2, 0x3C, 0x4D]: nanosecondsPerTick = 1
    default: return nil
    }
    isSwapped = pcap_is_swapped(handle) != 0
    longest = min(UInt32(clamping: pcap_snapshot(handle)), Self.longestSane)
    self.source = source
    self.stream = stream
    self.linkType = linkType
  }

  deinit { buffer.deallocate() }

  func read(into packets: UnsafeMutablePointer<CapturedPacket>, atMost most: Int) -> Int {
    guard isOrdinary else { return 0 }
    repeat {
      let count = take(into: packets, atMost: most)
      if count > 0 { return count }
    } while isOrdinary && readOn()
    isOrdinary = false
    let bytes = UnsafeRawBufferPointer(start: buffer, count: rest.upperBound)
    stream.goOn(with: bytes[rest], before: position)
    return 0
  }

  /// The packets that lie in `rest` as a whole.
  private func take(into packets: UnsafeMutablePointer<CapturedPacket>, atMost most: Int) -> Int {
    var count = 0
    var start = rest.lowerBound
    let end = rest.upperBound
    while count < most, end - start >= Self.headerLength {
      let captured = number(start + 8)
      if captured > longest {
        isOrdinary = count > 0
        break
      }
      let bytes = start + Self.headerLength
      guard end - bytes >= Int(captured) else { break }
      (packets + count).initialize(
        to: CapturedPacket(
          bytes: UnsafeRawBufferPointer(start: buffer + bytes, count: Int(captured)),
          nanoseconds: nanoseconds(start), originalLength: number(start + 12),
          linkType: linkType))
      count += 1
      start = bytes + Int(captured)
    }
    rest = start..<end
    return count
  }

  /// Reads more behind `rest`; false at the end, or when that fails.
  private func readOn() -> Bool {
    buffer.copyMemory(from: buffer + rest.lowerBound, byteCount: rest.count)
    rest = 0..<rest.count
    let room = UnsafeMutableRawBufferPointer(
      start: buffer + rest.upperBound, count: Self.readLength)
    let got = source.read(into: room)
    guard got > 0 else { return false }
    rest = 0..<(rest.upperBound + got)
    position += UInt64(got)
    return true
  }

  @inline(__always)
  private func number(_ offset: Int) -> UInt32 {
    let number = buffer.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
    return isSwapped ? number.byteSwapped : number
  }

  /// libpcap takes a fraction in the machine's own order for a signed number, which counts as none
  /// when it is negative.
  @inline(__always)
  private func nanoseconds(_ start: Int) -> UInt64 {
    let fraction = number(start + 4)
    let ticks = !isSwapped && fraction > UInt32(Int32.max) ? 0 : UInt64(fraction)
    return UInt64(number(start)) * 1_000_000_000 + ticks * nanosecondsPerTick
  }
}
