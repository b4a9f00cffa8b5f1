// SPDX-License-Identifier: BSD-3-Clause

/// What one stage did on one worker. Written by that worker alone, read by the control side.
@frozen
public struct StageCounters: BitwiseCopyable, Sendable {
  /// Packets that the stage was given: those that its condition selected.
  public var packets: UInt64 = 0
  public var dropped: UInt64 = 0
  public var bursts: UInt64 = 0
  /// Time stamp counter cycles of the bursts that were timed, the condition's included.
  ///
  /// Reading the counter costs about 40 cycles on a virtual machine: live, one burst in 16 pays.
  public var timedCycles: UInt64 = 0
  /// The packets of the bursts that were timed.
  public var timedPackets: UInt64 = 0

  @inlinable public init() {}

  @inlinable public static func += (left: inout StageCounters, right: StageCounters) {
    left.packets &+= right.packets
    left.dropped &+= right.dropped
    left.bursts &+= right.bursts
    left.timedCycles &+= right.timedCycles
    left.timedPackets &+= right.timedPackets
  }
}

/// What went through one port on one worker.
///
/// Bytes are counted here because not every driver counts them.
@frozen
public struct PortCounters: BitwiseCopyable, Sendable {
  public var receivedPackets: UInt64 = 0
  public var receivedBytes: UInt64 = 0
  public var sentPackets: UInt64 = 0
  public var sentBytes: UInt64 = 0

  @inlinable public init() {}

  @inlinable public static func += (left: inout PortCounters, right: PortCounters) {
    left.receivedPackets &+= right.receivedPackets
    left.receivedBytes &+= right.receivedBytes
    left.sentPackets &+= right.sentPackets
    left.sentBytes &+= right.sentBytes
  }
}

/// A block of counters that lives as long as its owner, apart from other workers' cache lines.
public final class CounterBlock<Counters: BitwiseCopyable> {
  public let pointer: UnsafeMutablePointer<Counters>
  public let count: Int

  public init(repeating initial: Counters, count: Int) {
    // Adjacent lines are fetched in pairs, so 128 bytes keep two workers apart.
    let bytes = max(count, 1) * MemoryLayout<Counters>.stride
    let memory = UnsafeMutableRawPointer.allocate(byteCount: (bytes + 127) & ~127, alignment: 128)
    pointer = memory.bindMemory(to: Counters.self, capacity: max(count, 1))
    pointer.initialize(repeating: initial, count: count)
    self.count = count
  }

  deinit { pointer.deallocate() }

  public var values: [Counters] { Array(UnsafeBufferPointer(start: pointer, count: count)) }
}
