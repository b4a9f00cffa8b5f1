// SPDX-License-Identifier: BSD-3-Clause
import Congestion
import Testing

@Suite("Virtual queues") struct VirtualQueueTests {
  /// A time as captures have them.
  private static let start: UInt64 = 1_700_000_000_123_456_789

  /// The depth in billionths of a byte, without a rounding.
  struct ExactQueue {
    let bytesPerSecond: Int128
    var depth: Int128 = 0
    var time: UInt64

    mutating func drain(until now: UInt64) {
      depth = max(depth - bytesPerSecond * Int128(now - time), 0)
      time = now
    }
  }

  @Test(arguments: [125, 1_000_000, 999_999_937, 3_333_333_333, 50_000_000_000, 100_000_000_000])
  func depthIsTheExactOneRoundedUp(bytesPerSecond: UInt64) {
    var queue = VirtualQueue(bytesPerSecond: bytesPerSecond)
    var model = ExactQueue(bytesPerSecond: Int128(bytesPerSecond), time: Self.start)
    var traffic = Traffic(
      seed: 11, start: Self.start, largest: 9000, bytesPerSecond: bytesPerSecond)
    var wrong = 0
    var emptied = 0
    for _ in 0..<20_000 {
      let packet = traffic.next()
      queue.drain(until: packet.time)
      model.drain(until: packet.time)
      if Int128(queue.depth) != (model.depth + 999_999_999) / 1_000_000_000 { wrong += 1 }
      emptied += model.depth == 0 ? 1 : 0
      queue.add(packet.bytes)
      model.depth += Int128(packet.bytes) * 1_000_000_000
    }
    #expect(wrong == 0)
    #expect((200..<19_000).contains(emptied), "\(emptied)")
  }

  @Test func timeThatGoesBackwardsDrainsNothing() {
    var queue = VirtualQueue(bytesPerSecond: 1_000_000_000)
    queue.drain(until: 1000)
    queue.add(5000)
    queue.drain(until: 400)
    #expect(queue.depth == 5000)
    queue.drain(until: 1000)
    #expect(queue.depth == 5000)
    #expect(queue.backwardSteps == 1)
    queue.drain(until: 1001)
    #expect(queue.depth == 4999)
  }

  @Test func aJumpForwardEmptiesIt() {
    var queue = VirtualQueue(bytesPerSecond: 100_000_000_000)
    queue.drain(until: 1000)
    queue.add(1_000_000_000)
    queue.drain(until: .max - 1)
    #expect(queue.depth == 0)
    queue.add(7)
    #expect(queue.depth == 7)
    #expect(queue.highWater == 1_000_000_000)
  }

  @Test func whatItCouldHaveSentWhileEmptyIsTold() {
    var queue = VirtualQueue(bytesPerSecond: 1_000_000_000)
    #expect(queue.drain(until: 5_000) == 0)
    queue.add(600)
    #expect(queue.drain(until: 5_599) == 0)
    #expect(queue.drain(until: 6_000) == 400)
    #expect(queue.drain(until: 6_001) == 1)
  }

  @Test func anEmptyQueueSavesNoPartOfAByte() {
    // Half a byte each nanosecond.
    var queue = VirtualQueue(bytesPerSecond: 500_000_000)
    queue.drain(until: 0)
    queue.drain(until: 1)
    queue.add(1)
    queue.drain(until: 2)
    #expect(queue.depth == 1)
    queue.drain(until: 3)
    #expect(queue.depth == 0)
  }
}
