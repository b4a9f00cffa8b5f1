// SPDX-License-Identifier: BSD-3-Clause
public import CDPDK
import Synchronization
public import Tables
public import Wire

/// A packet as DPDK hands it out: a view without ownership. The burst it is in owns it.
public typealias Packet = UnsafeMutablePointer<cdpdk_mbuf>

extension Packet {
  /// The bytes of the first segment.
  @inlinable public var bytes: UnsafeMutableRawPointer {
    pointee.buffer + Int(pointee.data_offset)
  }

  /// Gives a packet back that no burst has.
  @inlinable public func free() {
    var packet = self
    withUnsafeMutablePointer(to: &packet) { cdpdk_free($0, 1) }
  }
}

/// Up to 64 packets that travel down a pipeline together.
///
/// Everything is allocated once, for the life of the worker that owns the burst; `begin` makes it
/// a new one. A packet leaves `live` with its verdict: `send`, `drop` or `jump`.
public struct Burst: ~Copyable {
  public static var capacity: Int { 64 }

  @usableFromInline let packets: UnsafeMutablePointer<Packet>
  /// By packet: its first byte.
  @usableFromInline package let starts: UnsafeMutablePointer<UnsafeMutableRawPointer>
  @usableFromInline package let records: UnsafeMutablePointer<Headers>
  @usableFromInline package let times: UnsafeMutablePointer<UInt64>
  @usableFromInline package let lengths: UnsafeMutablePointer<UInt32>
  @usableFromInline let verdicts: UnsafeMutablePointer<Verdict>
  /// By packet: the number of the rule that it matched last.
  @usableFromInline let rules: UnsafeMutablePointer<UInt32>
  /// By packet: its flow, and its queue pair.
  @usableFromInline let flows: UnsafeMutablePointer<UnsafeMutablePointer<FlowEntry>?>
  @usableFromInline package let queuePairs: UnsafeMutablePointer<UnsafeMutablePointer<FlowEntry>?>
  /// By port: the packets to be sent there when the burst ends.
  @usableFromInline let sends: UnsafeMutablePointer<Selection>
  /// By pipeline: the packets that go on there.
  @usableFromInline let jumps: UnsafeMutablePointer<Selection>
  @usableFromInline let reasonCounts: UnsafeMutablePointer<UInt64>
  /// Packets that stages made during this burst.
  @usableFromInline let made: UnsafeMutablePointer<MadePacket>
  @usableFromInline let madeCapacity: Int

  @usableFromInline var undecided = Selection()
  @usableFromInline var dropped = Selection()
  @usableFromInline var droppedCount: UInt64 = 0
  /// The ports of `sends` and the pipelines of `jumps` that are not empty, one bit for each.
  @usableFromInline var portsToSend: UInt64 = 0
  @usableFromInline var pipelinesToRun: UInt64 = 0
  @usableFromInline var madeCount = 0
  /// Over all bursts: packets that stages keep now, and that they made.
  @usableFromInline let heldCount: UnsafeMutablePointer<UInt64>
  @usableFromInline let madeTotal: UnsafeMutablePointer<UInt64>
  /// Whether something was put down beside the packets, which the next burst must not see.
  @usableFromInline var hasRules = false
  @usableFromInline var hasFlows = false
  /// The way from a packet's queue pair to what the table has beside it; of the last `track-qps`.
  public var queuePairDirectory = FlowDirectory()
  /// The same of its flow; of the last `track-flows`.
  public var flowDirectory = FlowDirectory()
  /// How the headers of its packets are found, by the stage that found them last.
  public var parserRules: UnsafePointer<ParserRules>
  @usableFromInline let standardParser = Parser()
  /// Of headers that were found in this burst: what all of its packets have.
  public internal(set) var sharedLayers: Layers = []
  /// The stage that is running, by its number among the worker's stages.
  @usableFromInline var stage: UInt16 = 0
  /// Whether the stage that sends a packet is written down too, for a replay that explains itself.
  public var recordsSenders = false

  /// Whether packets come from captures.
  private var isReplay = false

  /// The time of the burst in nanoseconds: the capture's in a replay, the clock's when live.
  public internal(set) var nanoseconds: UInt64 = 0
  /// What the packets begin with.
  public internal(set) var link = LinkType.ethernet
  /// The port that the burst came from.
  public internal(set) var input = PortIndex(0)
  package internal(set) var received: Selection = Selection()
  package internal(set) var receivedBytes: UInt64 = 0
  /// Whether some packet no longer has the length that it came with.
  @usableFromInline var lengthsChanged = false
  /// Whether stages are to note the cycles that they take.
  private(set) var isTimed = false
  /// The time stamp counter when the last stage ended, of a burst that is timed.
  var lastCycles: UInt64 = 0
  private var burstsBegun: UInt64 = 0
  /// Swift copies a value whole for each function that borrows it, unless it has to stay where it
  /// is. An atomic has to, and what holds one.
  private let anchor = Atomic<UInt8>(0)

  /// Live, one burst in so many is timed; a power of two.
  static let burstsPerTiming: UInt64 = 16

  /// - Parameter made: how many packets stages may make in one burst.
  init(
    ports: Int, pipelines: Int, reasonCounts: UnsafeMutablePointer<UInt64>,
    heldCount: UnsafeMutablePointer<UInt64>, madeTotal: UnsafeMutablePointer<UInt64>, made: Int
  ) {
    packets = .allocate(capacity: Self.capacity)
    starts = .allocate(capacity: Self.capacity)
    records = .allocate(capacity: Self.capacity)
    records.initialize(repeating: Headers(), count: Self.capacity)
    times = .allocate(capacity: Self.capacity)
    lengths = .allocate(capacity: Self.capacity)
    verdicts = .allocate(capacity: Self.capacity)
    verdicts.initialize(repeating: Verdict(), count: Self.capacity)
    rules = .allocate(capacity: Self.capacity)
    rules.initialize(repeating: Self.noRule, count: Self.capacity)
    flows = .allocate(capacity: Self.capacity)
    flows.initialize(repeating: nil, count: Self.capacity)
    queuePairs = .allocate(capacity: Self.capacity)
    queuePairs.initialize(repeating: nil, count: Self.capacity)
    sends = .allocate(capacity: ports)
    sends.initialize(repeating: Selection(), count: ports)
    jumps = .allocate(capacity: pipelines)
    jumps.initialize(repeating: Selection(), count: pipelines)
    self.reasonCounts = reasonCounts
    self.heldCount = heldCount
    self.madeTotal = madeTotal
    self.made = .allocate(capacity: max(made, 1))
    madeCapacity = made
    parserRules = standardParser.rules
  }

  deinit {
    packets.deallocate()
    starts.deallocate()
    records.deallocate()
    times.deallocate()
    lengths.deallocate()
    verdicts.deallocate()
    rules.deallocate()
    flows.deallocate()
    queuePairs.deallocate()
    sends.deallocate()
    jumps.deallocate()
    made.deallocate()
  }

  /// The packets that have no verdict yet.
  @inlinable public var live: Selection { undecided }

  /// Fills the burst from a queue of a DPDK port and returns how many packets came; `begin`
  /// follows when there are any.
  package mutating func receive(port: UInt16, queue: UInt16) -> Int {
    Int(cdpdk_receive(port, queue, packets, UInt16(Self.capacity)))
  }

  /// Makes the first `count` packets, which came from a DPDK port just now, the burst.
  package mutating func begin(
    received count: Int, from input: PortIndex, cycles: UInt64, nanoseconds: UInt64
  ) {
    var sum: UInt64 = 0
    for index in 0..<count {
      let packet = packets[index]
      let length = packet.pointee.packet_length
      starts[index] = packet.bytes
      lengths[index] = length
      sum &+= UInt64(length)
    }
    times.initialize(repeating: nanoseconds, count: count)
    begin(count, bytes: sum, input, .ethernet, cycles: cycles, nanoseconds: nanoseconds)
  }

  /// Puts one packet of a capture in place; `begin` follows when the burst is complete.
  package mutating func place(
    _ packet: Packet, at index: Int, nanoseconds: UInt64, wireLength: UInt32
  ) {
    packets[index] = packet
    starts[index] = packet.bytes
    times[index] = nanoseconds
    lengths[index] = wireLength
  }

  /// Makes the first `count` packets in place, which have times of their own, the burst.
  package mutating func begin(placed count: Int, from input: PortIndex, link: LinkType) {
    var sum: UInt64 = 0
    for index in 0..<count { sum &+= UInt64(lengths[index]) }
    isReplay = true
    begin(count, bytes: sum, input, link, cycles: cdpdk_cycles(), nanoseconds: times[0])
  }

  @inline(__always)
  mutating func begin(
    _ count: Int, bytes: UInt64, _ input: PortIndex, _ link: LinkType, cycles: UInt64,
    nanoseconds: UInt64
  ) {
    self.input = input
    self.link = link
    self.nanoseconds = nanoseconds
    received = Selection(first: count)
    receivedBytes = bytes
    undecided = received
    dropped = Selection()
    lengthsChanged = false
    sharedLayers = []
    madeCount = 0
    if hasRules || hasFlows { forgetFindings() }
    isTimed = isReplay || burstsBegun & (Self.burstsPerTiming &- 1) == 0
    lastCycles = cycles
    burstsBegun &+= 1
  }

  @inline(never)
  private mutating func forgetFindings() {
    rules.update(repeating: Self.noRule, count: Self.capacity)
    flows.update(repeating: nil, count: Self.capacity)
    queuePairs.update(repeating: nil, count: Self.capacity)
    hasRules = false
    hasFlows = false
  }

  /// Forgets the headers of the last burst, for pipelines that do not begin with `parse`.
  mutating func forgetHeaders() {
    for index in received {
      records[index].layers = []
      records[index].malformation = .none
      records[index].keepMarks(of: Headers())
    }
  }
}
