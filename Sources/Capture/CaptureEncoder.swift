// SPDX-License-Identifier: BSD-3-Clause

import Wire

/// What a writer knows of one packet.
struct OutgoingPacket {
  let bytes: UnsafeRawBufferPointer
  let nanoseconds: UInt64
  let originalLength: UInt32
  let linkType: LinkType
}

/// Lays out pcap and pcapng records: no clock, host or user name gets into them.
struct CaptureEncoder: ~Copyable {
  let format: CaptureFormat
  let snapLength: UInt32
  /// pcapng has one interface per link type, in the order of their first packet; pcap has one.
  private(set) var interfaces: [LinkType] = []

  /// The most that headers, trailers and padding add to a packet and its comment.
  static let overhead = 128

  init(format: CaptureFormat, snapLength: UInt32) {
    self.format = format
    self.snapLength = snapLength
  }

  mutating func begin(_ linkType: LinkType, in buffer: inout OutputBuffer) {
    switch format {
    case .pcap: beginPcap(linkType, in: &buffer)
    case .pcapng:
      if interfaces.isEmpty { beginSection(in: &buffer) }
      describeInterface(linkType, in: &buffer)
    }
    interfaces.append(linkType)
  }

  func encode(
    _ packet: OutgoingPacket, interface: Int, options: [UInt8], in buffer: inout OutputBuffer
  ) {
    switch format {
    case .pcap: encodeRecord(packet, in: &buffer)
    case .pcapng: encodeBlock(packet, interface: interface, options: options, in: &buffer)
    }
  }

  private func beginPcap(_ linkType: LinkType, in buffer: inout OutputBuffer) {
    buffer.append(0xA1B2_3C4D as UInt32)  // nanoseconds
    buffer.append(2 as UInt16)
    buffer.append(4 as UInt16)
    buffer.append(0 as UInt64)
    buffer.append(snapLength)
    buffer.append(UInt32(linkType.fileNumber))
  }

  private func encodeRecord(_ packet: OutgoingPacket, in buffer: inout OutputBuffer) {
    let (seconds, fraction) = packet.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    buffer.append(UInt32(truncatingIfNeeded: seconds))
    buffer.append(UInt32(truncatingIfNeeded: fraction))
    buffer.append(UInt32(packet.bytes.count))
    buffer.append(packet.originalLength)
    buffer.append(packet.bytes)
  }

  private func beginSection(in buffer: inout OutputBuffer) {
    let length: UInt32 = 28 + 12 + 4
    buffer.append(0x0A0D_0D0A as UInt32)
    buffer.append(length)
    buffer.append(0x1A2B_3C4D as UInt32)
    buffer.append(1 as UInt16)
    buffer.append(0 as UInt16)
    buffer.append(UInt64.max)  // section length: not said
    buffer.append(4 as UInt16)  // shb_userappl
    buffer.append(6 as UInt16)
    Array("sluice".utf8).withUnsafeBytes { buffer.append($0) }
    buffer.pad(after: 6)
    buffer.append(0 as UInt32)
    buffer.append(length)
  }

  private func describeInterface(_ linkType: LinkType, in buffer: inout OutputBuffer) {
    let length: UInt32 = 20 + 8 + 4
    buffer.append(1 as UInt32)
    buffer.append(length)
    buffer.append(linkType.fileNumber)
    buffer.append(0 as UInt16)
    buffer.append(snapLength)
    buffer.append(9 as UInt16)  // if_tsresol
    buffer.append(1 as UInt16)
    buffer.append(9 as UInt8)  // 10^-9 seconds
    buffer.pad(after: 1)
    buffer.append(0 as UInt32)
    buffer.append(length)
  }

  private func encodeBlock(
    _ packet: OutgoingPacket, interface: Int, options: [UInt8], in buffer: inout OutputBuffer
  ) {
    let padded = (packet.bytes.count + 3) & ~3
    let length = UInt32(32 + padded + options.count)
    buffer.append(6 as UInt32)
    buffer.append(length)
    buffer.append(UInt32(interface))
    buffer.append(UInt32(truncatingIfNeeded: packet.nanoseconds >> 32))
    buffer.append(UInt32(truncatingIfNeeded: packet.nanoseconds))
    buffer.append(UInt32(packet.bytes.count))
    buffer.append(packet.originalLength)
    buffer.append(packet.bytes)
    buffer.pad(after: packet.bytes.count)
    options.withUnsafeBytes { buffer.append($0) }
    buffer.append(length)
  }
}
