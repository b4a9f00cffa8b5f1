// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
import DPDK
import Pipeline

/// A transmit queue of a DPDK port that one worker owns.
final class QueueOutput: Output {
  private let port: UInt16
  private let queue: UInt16

  /// A full queue gets so many more chances before its packets are dropped.
  private static let retries = 4

  init(port: UInt16, queue: UInt16) {
    self.port = port
    self.queue = queue
  }

  override func send(_ batch: OutputBatch) -> Int {
    var sent = Int(cdpdk_send(port, queue, batch.packets, UInt16(batch.count)))
    var retries = 0
    while sent < batch.count && retries < Self.retries {
      let rest = UInt16(batch.count &- sent)
      sent &+= Int(cdpdk_send(port, queue, batch.packets + sent, rest))
      retries &+= 1
    }
    return sent
  }
}

/// Takes packets to the worker that owns the port's transmit side.
final class RingOutput: Output {
  private let ring: OpaquePointer

  init(_ ring: Ring) { self.ring = ring.handle }

  override func send(_ batch: OutputBatch) -> Int {
    Int(cdpdk_ring_add(ring, batch.packets, UInt32(batch.count)))
  }
}

/// The owner's end of a ring from other workers: what arrives is sent.
final class Handover {
  private let ring: Ring
  private let port: UInt16
  private let queue: UInt16
  /// The port's place in the file.
  let index: PortIndex
  private let room = UnsafeMutablePointer<Packet>.allocate(capacity: Burst.capacity)
  /// Packets that the port did not take after their sender had counted them as sent.
  let unsent = CounterBlock(repeating: PortCounters(), count: 1)

  init(_ ring: Ring, port: UInt16, queue: UInt16, index: PortIndex) {
    self.ring = ring
    self.port = port
    self.queue = queue
    self.index = index
  }

  deinit { room.deallocate() }

  func passOn() -> Int {
    let count = cdpdk_ring_take(ring.handle, room, UInt32(Burst.capacity))
    guard count > 0 else { return 0 }
    let sent = UInt32(cdpdk_send(port, queue, room, UInt16(count)))
    if sent < count { discard(from: Int(sent), to: Int(count)) }
    return Int(count)
  }

  private func discard(from start: Int, to end: Int) {
    for place in start..<end {
      unsent.pointer.pointee.sentBytes &+= UInt64(room[place].pointee.packet_length)
    }
    unsent.pointer.pointee.sentPackets &+= UInt64(end &- start)
    cdpdk_free(room + start, UInt32(end &- start))
  }
}
