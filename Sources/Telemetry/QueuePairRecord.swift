// SPDX-License-Identifier: BSD-3-Clause
import Tables

/// What packets to a queue pair touch: two cache lines. Requests within a message, and messages of
/// one packet, need the first one only.
///
/// Of some counts the record has the lowest bits: `copyMetrics` tells the whole ones from them.
struct QueuePairRecord: BitwiseCopyable {
  /// Of the table's entry; 0 while there was none. Another queue pair in the same place, or another
  /// connection of this one, begins anew.
  var owner: UInt32 = 0
  /// The sequence number of the next request.
  var expected: UInt32 = 0
  var flags: UInt16 = 0
  var receiver: UInt16 = 0
  /// When the last request came, in 1024 ns: it comes round after 73 minutes.
  var lastRequest: UInt32 = 0
  /// Nanoseconds, as all times.
  var lastSeen: UInt64 = 0
  var bytes: UInt64 = 0
  var burstBytes: UInt32 = 0
  /// What the message on its way has so far.
  var messageBytes: UInt32 = 0
  /// What `QueuePairDetails.opcodes` does not have yet.
  var run = OpcodeRun()
  /// Which of 256 places the sender has in its receiver's fan-in.
  var sender: UInt8 = 0
  /// Bytes of payload in a full packet; 0 while unknown.
  var pathMTU: UInt16 = 0
  var counts = RecordCounts()
  var messageTotal: UInt32 = 0
  var largest: UInt32 = 0

  // The second line. When the message on its way began:
  var messageStart: UInt64 = 0
  /// The request whose answer is being timed, and when it came.
  var sampleTime: UInt64 = 0
  var sampleSequence: UInt32 = 0
  /// Nanoseconds from the first packet of the timed message to its last, of at most four seconds.
  var sampleSpan: UInt32 = 0
  var ceMarked: UInt64 = 0
  /// When the first packet was marked since the last notification.
  var markedAt: UInt64 = 0
  /// Of answers to this queue pair.
  var responseExpected: UInt32 = 0
  var acknowledged: UInt32 = 0
  /// The place of the opposite direction's queue pair.
  var peer: UInt32 = .max
  private var rest: UInt32 = 0
  private var end: UInt64 = 0

  enum Flag {
    /// A request was seen: `expected` means something.
    static var isKnown: UInt16 { 1 << 0 }
    /// The message on its way was seen from its first packet.
    static var isWhole: UInt16 { OperationKind.starts.rawValue }
    static var hasGaps: UInt16 { 1 << 2 }
    /// The sender went back, and has not yet sent all again.
    static var isRewound: UInt16 { 1 << 3 }
    static var hasSample: UInt16 { 1 << 4 }
    static var isUnreliable: UInt16 { 1 << 5 }
    /// The timed request is the last packet of a message seen from its first.
    static var samplesMessage: UInt16 { 1 << 6 }
    /// A packet was marked since the last notification.
    static var isMarked: UInt16 { 1 << 7 }
    /// How many sequence numbers the last read takes depends on the path MTU, which is unknown.
    static var hasOpenRead: UInt16 { 1 << 8 }
    /// What the requester has to do after an answer: a NAK came, or the receiver was not ready.
    static var hasNAK: UInt16 { 1 << 9 }
    static var hasRNR: UInt16 { 1 << 10 }
    /// Whether data was ECT or Not-ECT when it came last, where packets have it as well.
    static var wasECT: UInt16 { OperationKind.capable.rawValue }
    static var wasNotECT: UInt16 { OperationKind.notCapable.rawValue }
    /// A read is being timed, until its response begins.
    static var hasReadSample: UInt16 { 1 << 13 }
    /// A response to a read was seen: `responseExpected` means something.
    static var hasResponses: UInt16 { 1 << 14 }
    /// An acknowledgement was seen: `acknowledged` means something.
    static var hasAcknowledged: UInt16 { 1 << 15 }
  }

  @inline(__always)
  func has(_ flag: UInt16) -> Bool { flags & flag != 0 }

  @inline(__always)
  mutating func set(_ flag: UInt16) { flags |= flag }

  @inline(__always)
  mutating func clear(_ flag: UInt16) { flags &= ~flag }
}

/// What only some packets touch.
struct QueuePairDetails: BitwiseCopyable {
  /// Packets by the lower bits of their opcodes.
  var opcodes = InlineArray<32, UInt64>(repeating: 0)
  /// Odd while the record is being given to another queue pair.
  var version: UInt64 = 0
  var key = FlowKey()
  var firstSeen: UInt64 = 0

  /// The lowest request seen, and the next one while the sender sends again.
  var origin: UInt32 = 0
  var resent: UInt32 = 0
  /// The newest of its gaps, and how many there are.
  var gaps: UInt32 = .max
  var gapCount: UInt32 = 0

  /// The read whose length in packets is open: its length in bytes, and where it reads.
  var openRead: UInt32 = 0
  var openReadAddress: UInt64 = 0
  /// The read that is timed, and when it was asked for.
  var readSample: UInt32 = 0
  var readTime: UInt64 = 0
  /// The oldest read whose response is not complete: its last sequence number.
  var readEnd: UInt32 = 0
  var hasRead = false

  /// The transport, as the upper three bits of the opcodes have it.
  var transport: UInt8 = 0
  var window = AnomalyWindow()
  /// So that all begin with a cache line.
  private var rest: InlineArray<5, UInt64> = [0, 0, 0, 0, 0]
}

/// What happened to a queue pair lately.
struct AnomalyWindow: BitwiseCopyable {
  var start: UInt64 = 0
  var retransmitted: UInt32 = 0
  var receiverNotReady: UInt32 = 0
  var timeouts: UInt32 = 0
  var corrupted: UInt32 = 0
  /// Notifications have a window of their own, which is shorter.
  var notificationStart: UInt64 = 0
  var notifications: UInt32 = 0
}

/// Where the parts of a queue pair lie that few packets touch: side by side, since a page of memory
/// that the processor does not know costs as much as a cache line.
enum QueuePairLayout {
  static var values: Int { MemoryLayout<QueuePairDetails>.stride }
  static var stride: Int { values + Metric.stride * 8 }
}

/// Which lines of a queue pair's metrics hold anything: who adds up many need not look at the
/// others.
struct UsedLines: BitwiseCopyable {
  private var bits: UInt8 = 0

  /// Metrics in a line of memory, and the lines of all.
  static var metricsPerLine: Int { 8 }
  static var lines: Int { Metric.stride / metricsPerLine }

  @inline(__always)
  mutating func insert(_ metric: Metric) {
    bits |= 1 &<< UInt8(truncatingIfNeeded: metric.rawValue / Self.metricsPerLine)
  }

  func contains(line: Int) -> Bool { bits &>> UInt8(truncatingIfNeeded: line) & 1 != 0 }
}

/// One of these parts of all queue pairs, by their numbers.
struct QueuePairPart<Element: BitwiseCopyable>: BitwiseCopyable {
  private let start: UnsafeMutableRawPointer

  init(start: UnsafeMutableRawPointer) { self.start = start }

  @inline(__always)
  static func + (part: QueuePairPart, number: Int) -> UnsafeMutablePointer<Element> {
    (part.start + number &* QueuePairLayout.stride).assumingMemoryBound(to: Element.self)
  }
}
