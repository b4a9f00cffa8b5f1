// SPDX-License-Identifier: BSD-3-Clause

import Capture

/// What may be expected of any file that is read as a capture.
struct CapturePromises {
  let path: String
  /// In bytes.
  let size: Int

  /// The promise that is broken, or nil; `brokenByPacket` may find more in each packet.
  func broken(_ brokenByPacket: (CapturedPacket) -> String? = { _ in nil }) -> String? {
    do throws(CaptureError) {
      let reader = try CaptureReader(path: path)
      do throws(CaptureError) {
        while let packet = try reader.next() {
          if let broken = broken(by: packet, brokenByPacket) { return broken }
        }
      } catch {
        return broken(by: error) ?? broken(by: reader, endedBy: error)
      }
      return broken(by: reader, endedBy: nil)
    } catch {
      return broken(by: error)
    }
  }

  private func broken(
    by packet: CapturedPacket, _ more: (CapturedPacket) -> String?
  ) -> String? {
    guard packet.bytes.count <= packet.originalLength else { return "a packet grew when captured" }
    return packet.bytes.count <= size ? more(packet) : "a packet is longer than its file"
  }

  private func broken(by error: CaptureError) -> String? {
    if error.problem.isEmpty || error.advice.isEmpty { return "an error says nothing: \(error)" }
    guard let offset = error.offset, offset > size else { return nil }
    return "an error lies past the end: \(error)"
  }

  /// What ended the file ends it again; and a record takes 16 bytes at least.
  private func broken(by reader: CaptureReader, endedBy end: CaptureError?) -> String? {
    do throws(CaptureError) {
      let more = try reader.next()
      guard more == nil, end == nil else { return "a file goes on behind its end" }
    } catch {
      guard error == end else { return "a file ends in two ways: \(error)" }
    }
    let records = reader.skippedRecords.values.reduce(reader.packetsRead, +)
    return records <= UInt64(size) / 16 ? nil : "\(records) records were read of \(size) bytes"
  }
}
