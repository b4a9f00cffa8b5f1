// SPDX-License-Identifier: BSD-3-Clause

import Capture
import Wire

/// A copy of a captured packet, to be compared.
struct ReadPacket: Equatable {
  var bytes: [UInt8]
  var nanoseconds: UInt64
  var originalLength: Int
  var linkType: LinkType

  init(_ packet: CapturedPacket) {
    bytes = Array(unsafeUninitializedCapacity: packet.bytes.count) { array, count in
      UnsafeMutableRawBufferPointer(array).copyMemory(from: packet.bytes)
      count = packet.bytes.count
    }
    nanoseconds = packet.nanoseconds
    originalLength = Int(packet.originalLength)
    linkType = packet.linkType
  }

  init(
    _ bytes: [UInt8], at nanoseconds: UInt64 = 1_000_000_000, of originalLength: Int? = nil,
    _ linkType: LinkType = .ethernet
  ) {
    self.bytes = bytes
    self.nanoseconds = nanoseconds
    self.originalLength = originalLength ?? bytes.count
    self.linkType = linkType
  }
}

/// Everything that can be read from a file, and the error that ended it.
struct Reading {
  var packets: [ReadPacket] = []
  var error: CaptureError?

  init() {}

  init(_ path: String) {
    do throws(CaptureError) {
      let reader = try CaptureReader(path: path)
      while let packet = try reader.next() { packets.append(ReadPacket(packet)) }
    } catch {
      self.error = error
    }
  }
}

extension CaptureWriter {
  func write(_ packet: ReadPacket, comment: CommentID = .none) throws(CaptureError) {
    var result: Result<Void, CaptureError> = .success(())
    packet.bytes.withUnsafeBytes { bytes in
      do throws(CaptureError) {
        try write(
          bytes, nanoseconds: packet.nanoseconds, originalLength: UInt32(packet.originalLength),
          linkType: packet.linkType, comment: comment)
      } catch {
        result = .failure(error)
      }
    }
    try result.get()
  }
}
