// SPDX-License-Identifier: BSD-3-Clause
import Congestion
import Glibc
import Tables

/// The rates that a `dcqcn-rp` has given to queue pairs, for other stages of its worker: ask the
/// context for `common("rates of NAME")`.
public final class RateBoard {
  private var limiters: RateLimiters?

  public init() {}

  /// The rate of the queue pair with this number in the table of `track-qps`, in bits per second;
  /// nil of one that is not limited. It changes nothing.
  public func rate(of number: Int, at nanoseconds: UInt64) -> UInt64? {
    limiters?.rate(of: number, at: nanoseconds)
  }

  /// Shows the rates of these.
  func show(_ limiters: RateLimiters) { self.limiters = limiters }
}

/// The memory of a `dcqcn-rp`: a reaction point and a queue for each queue pair.
final class RateLimiters {
  let capacity: Int
  let parameters: UnsafeMutablePointer<ReactionPointParameters>
  let points: UnsafeMutablePointer<ReactionPoint>
  let queues: UnsafeMutablePointer<PacedQueue>
  /// A bit for each queue pair: whether it is limited.
  let limited: UnsafeMutablePointer<UInt64>
  private let memory: UnsafeMutableRawPointer

  init(capacity: Int, _ parameters: ReactionPointParameters) {
    self.capacity = capacity
    self.parameters = .allocate(capacity: 1)
    self.parameters.initialize(to: parameters)
    let words = (capacity + 63) / 64
    limited = .allocate(capacity: words)
    limited.initialize(repeating: 0, count: words)
    let pointBytes = capacity * MemoryLayout<ReactionPoint>.stride
    let bytes = pointBytes + capacity * MemoryLayout<PacedQueue>.stride
    let page = 2 << 20
    // In hugepages where the kernel has some: queue pairs come in no order.
    memory = .allocate(byteCount: bytes, alignment: bytes >= page ? page : 64)
    if bytes >= page { _ = madvise(memory, bytes, MADV_HUGEPAGE) }
    points = memory.bindMemory(to: ReactionPoint.self, capacity: capacity)
    points.initialize(
      repeating: ReactionPoint(lineRate: parameters.lineRate), count: capacity)
    queues = (memory + pointBytes).bindMemory(to: PacedQueue.self, capacity: capacity)
    queues.initialize(repeating: PacedQueue(), count: capacity)
  }

  deinit {
    parameters.deallocate()
    limited.deallocate()
    memory.deallocate()
  }

  @inline(__always)
  func isLimited(_ number: Int) -> Bool {
    limited[number &>> 6] &>> UInt64(number & 63) & 1 != 0
  }

  func rate(of number: Int, at nanoseconds: UInt64) -> UInt64? {
    guard number >= 0, number < capacity, isLimited(number) else { return nil }
    var point = points[number]
    point.advance(to: nanoseconds, parameters)
    return point.hasRecovered(parameters) ? nil : point.rate
  }
}

/// The packets of one queue pair that wait for their time, and when the next one may go.
struct PacedQueue: BitwiseCopyable {
  /// When the next packet may go: the ideal time, rounded up.
  var departure: UInt64 = 0
  /// How much earlier the ideal time is, in 2^-14 ns.
  var early: UInt32 = 0
  /// Places of the first and the last packet that waits, and how many there are.
  var first: UInt32 = .max
  var last: UInt32 = .max
  var count: UInt32 = 0
  /// Of the queue pair that was seen last: another queue pair, and another connection of this one,
  /// are limited by nothing.
  var owner: UInt32 = 0
  /// With it half a cache line is full, and no queue lies in two.
  private var rest: UInt32 = 0

  /// A packet of so many bytes leaves at `now`: the next one may follow when the rate has time for
  /// these. One that leaves on time keeps what rounding took.
  @inline(__always)
  mutating func depart(at now: UInt64, bytes: UInt64, bitsPerSecond rate: UInt64) {
    if departure < now {
      departure = now
      early = 0
    }
    // At most 65,559 bytes: 63 bits.
    let gap = Int64(truncatingIfNeeded: ((bytes &* 8_000_000_000) &<< 14) / rate)
    let rest = gap &- Int64(early)
    let step = (rest &+ 0x3fff) &>> 14
    early = UInt32(truncatingIfNeeded: step &<< 14 &- rest)
    departure &+= UInt64(bitPattern: step)
  }
}
