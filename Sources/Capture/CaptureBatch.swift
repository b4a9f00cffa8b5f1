// SPDX-License-Identifier: BSD-3-Clause

/// Up to 64 packets of one capture file that can be read at the same time.
@frozen
public struct CaptureBatch: ~Copyable {
  public static var capacity: Int { 64 }

  @usableFromInline let packets: UnsafeMutablePointer<CapturedPacket>
  public internal(set) var count = 0

  public init() { packets = .allocate(capacity: CaptureBatch.capacity) }

  deinit { packets.deallocate() }

  /// The packet in that place, which must be below `count`.
  @inlinable public subscript(index: Int) -> CapturedPacket { packets[index] }

  /// Holds this packet and no other.
  public mutating func hold(_ packet: CapturedPacket) {
    packets.initialize(to: packet)
    count = 1
  }
}
