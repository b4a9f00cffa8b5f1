// SPDX-License-Identifier: BSD-3-Clause
import Capture
public import Wire

/// A packet of a capture file, with bytes of its own.
public struct FilePacket: Equatable, Sendable {
  public var bytes: [UInt8]
  public var nanoseconds: UInt64
  public var originalLength: UInt32
  public var link: LinkType

  public init(
    _ bytes: [UInt8], at nanoseconds: UInt64, originalLength: Int? = nil,
    link: LinkType = .ethernet
  ) {
    self.bytes = bytes
    self.nanoseconds = nanoseconds
    self.originalLength = UInt32(originalLength ?? bytes.count)
    self.link = link
  }
}

/// All packets of a capture file.
public func readCapture(_ path: String) throws -> [FilePacket] {
  let reader = try CaptureReader(path: path)
  var packets: [FilePacket] = []
  while let packet = try reader.next() {
    packets.append(
      FilePacket(
        Array(packet.bytes), at: packet.nanoseconds, originalLength: Int(packet.originalLength),
        link: packet.linkType))
  }
  return packets
}

/// Writes a capture file.
public func writeCapture(_ path: String, _ packets: [FilePacket]) throws {
  let writer = try CaptureWriter(path: path)
  for packet in packets {
    try packet.bytes.withUnsafeBytes { bytes in
      try writer.write(
        bytes, nanoseconds: packet.nanoseconds, originalLength: packet.originalLength,
        linkType: packet.link)
    }
  }
  try writer.finish()
}
