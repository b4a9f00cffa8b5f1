// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
import DPDK
import Glibc
import Testing

extension Port {
  /// Sends packets with these bytes, and returns how many the driver took.
  func send(_ frames: [Frame], queue: UInt16 = 0) -> Int {
    var packets = frames.compactMap { frame -> UnsafeMutablePointer<cdpdk_mbuf>? in
      guard let packet = cdpdk_allocate(pool.handle) else { return nil }
      cdpdk_append(packet, UInt16(frame.count))?
        .copyMemory(from: frame.bytes, byteCount: frame.count)
      return packet
    }
    return packets.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return 0 }
      let sent = Int(cdpdk_send(id, queue, base, UInt16(buffer.count)))
      if sent < buffer.count { cdpdk_free(base + sent, UInt32(buffer.count - sent)) }
      return sent
    }
  }

  /// One burst's packets, whole, and given back; other threads have time to bring some.
  func receive(queue: UInt16 = 0, attempts: Int = 1) -> [Frame] {
    withUnsafeTemporaryAllocation(of: UnsafeMutablePointer<cdpdk_mbuf>.self, capacity: 64) {
      guard let packets = $0.baseAddress else { return [] }
      for attempt in 0..<attempts {
        if attempt > 0 { usleep(1000) }
        let count = Int(cdpdk_receive(id, queue, packets, 64))
        if count == 0 { continue }
        defer { cdpdk_free(packets, UInt32(count)) }
        return (0..<count).map { Frame(bytes: Self.bytes(of: packets[$0])) }
      }
      return []
    }
  }

  /// Packets until a burst is empty, or until there are so many.
  func receiveAll(atLeast count: Int = .max, attempts: Int = 1) -> [Frame] {
    var all: [Frame] = []
    while all.count < count {
      let burst = receive(attempts: attempts)
      if burst.isEmpty { break }
      all += burst
    }
    return all
  }

  private static func bytes(of packet: UnsafeMutablePointer<cdpdk_mbuf>) -> [UInt8] {
    let length = packet.pointee.packet_length
    return [UInt8](unsafeUninitializedCapacity: Int(length)) { buffer, count in
      guard let base = buffer.baseAddress else { return }
      count = cdpdk_read(packet, 0, length, base) ? Int(length) : 0
    }
  }
}

/// A packet's bytes, which a failed test does not print.
struct Frame: Equatable, Sendable, CustomTestStringConvertible {
  let bytes: [UInt8]
  var count: Int { bytes.count }
  var testDescription: String { "\(count) bytes of \(bytes.last ?? 0)" }
}

/// An Ethernet frame of an experimental type, with `number` all over it.
func frame(_ number: Int, length: Int = 60) -> Frame {
  let header: [UInt8] = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xb5]
  let content = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: length - 14)
  return Frame(bytes: header + content)
}
