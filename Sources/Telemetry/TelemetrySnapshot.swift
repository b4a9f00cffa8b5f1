// SPDX-License-Identifier: BSD-3-Clause

/// What was measured up to one instant: plain values, from which every exporter makes its own form.
public struct TelemetrySnapshot: Sendable {
  /// When the first packet came and when this was taken, in nanoseconds of the run's clock: since
  /// 1970 live and in most captures.
  public var start: UInt64 = 0
  public var end: UInt64 = 0
  /// Of all queue pairs that there ever were.
  public var totals = MetricValues()
  /// Packets by opcode, of all queue pairs.
  public var opcodes = OpcodeCounts()
  /// Those with most bytes first; at most as many as were asked for.
  public var queuePairs: [QueuePairMeasurement] = []
  /// Queue pairs that are in the tables now, whether or not they are in the list.
  public var queuePairCount = 0
  /// Those that were there and no longer are.
  public var endedQueuePairs: UInt64 = 0
  public var distributions: [Distribution] = []
  /// Who sent how much to whom, most first; with what it may be too high by.
  public var addressPairs: [AddressPair] = []
  public var receivers: [ReceiverMeasurement] = []
  /// How many different there were: queue pairs, sources, destinations; with the standard error.
  public var distinct: [DistinctMeasurement] = []
  /// Those that go on first, then the latest first.
  public var events: [TelemetryEvent] = []
  /// How often events of each kind began, by its raw value.
  public var begunEvents = [UInt64](repeating: 0, count: TelemetryEvent.Kind.allCases.count)
  /// Events that there was no room to keep.
  public var forgottenEvents: UInt64 = 0
  /// What each structure takes, in bytes.
  public var memory: [(name: String, bytes: Int)] = []
  /// What could not be known, in sentences: a direction that was not seen, packets that were cut.
  public var gaps: [String] = []

  public init() {}
}

/// The values of all metrics.
public struct MetricValues: Sendable, Equatable {
  private var values = [UInt64](repeating: 0, count: Metric.count)
  /// Descriptions take long to make, and queue pairs are many.
  private static let merges = Metric.allCases.map(\.description.merge)

  public init() {}

  public subscript(metric: Metric) -> UInt64 {
    get { values[metric.rawValue] }
    set { values[metric.rawValue] = newValue }
  }

  /// Adds what somebody else measured.
  public mutating func merge(_ other: MetricValues) {
    for place in values.indices {
      values[place] = Self.merges[place].of(values[place], other.values[place])
    }
  }

  /// Has no sum be less than it was.
  mutating func keepSums(of earlier: MetricValues) {
    for place in values.indices where Self.merges[place] == .sum {
      values[place] = max(values[place], earlier.values[place])
    }
  }
}

/// Packets by the 256 opcodes.
public struct OpcodeCounts: Sendable, Equatable {
  private var counts = [UInt64](repeating: 0, count: 256)

  public init() {}

  public subscript(opcode: UInt8) -> UInt64 {
    get { counts[Int(opcode)] }
    set { counts[Int(opcode)] = newValue }
  }

  /// Those that came, in the order of their numbers.
  public var present: [(opcode: UInt8, packets: UInt64)] {
    (0...255).compactMap { self[$0] > 0 ? ($0, self[$0]) : nil }
  }

  /// All packets.
  var total: UInt64 { counts.reduce(0, &+) }

  public mutating func merge(_ other: OpcodeCounts) {
    for opcode in UInt8.min...UInt8.max { self[opcode] &+= other[opcode] }
  }

  mutating func keepCounts(of earlier: OpcodeCounts) {
    for opcode in UInt8.min...UInt8.max { self[opcode] = max(self[opcode], earlier[opcode]) }
  }
}

/// One queue pair: of the packets that go to it.
public struct QueuePairMeasurement: Sendable {
  public var name: QueuePairName
  /// The queue pair of the opposite direction, where it is known.
  public var peer: QueuePairName?
  public var firstSeen: UInt64
  public var lastSeen: UInt64
  public var values = MetricValues()
  public var opcodes = OpcodeCounts()

  public init(name: QueuePairName, firstSeen: UInt64, lastSeen: UInt64) {
    self.name = name
    self.firstSeen = firstSeen
    self.lastSeen = lastSeen
  }

  /// Of its packets, from the first to the last; 0 of a single one.
  public var bitsPerSecond: Double {
    guard lastSeen > firstSeen else { return 0 }
    return Double(values[.bytes]) * 8e9 / Double(lastSeen - firstSeen)
  }
}

/// What one source sent to one destination.
public struct AddressPair: Sendable {
  public var source: String
  public var destination: String
  public var bytes: UInt64
  /// By how much the bytes may be too many at most.
  public var error: UInt64

  public init(source: String, destination: String, bytes: UInt64, error: UInt64) {
    self.source = source
    self.destination = destination
    self.bytes = bytes
    self.error = error
  }
}

/// What came to one receiver.
public struct ReceiverMeasurement: Sendable {
  public var address: String
  /// The most sources that sent to it in one window, and when.
  public var mostSenders: UInt64
  public var mostSendersAt: UInt64
  /// The most bytes within a bin, and when; what the bin's length is.
  public var mostBytes: UInt64
  public var mostBytesAt: UInt64

  public init(
    address: String, mostSenders: UInt64, mostSendersAt: UInt64, mostBytes: UInt64,
    mostBytesAt: UInt64
  ) {
    self.address = address
    self.mostSenders = mostSenders
    self.mostSendersAt = mostSendersAt
    self.mostBytes = mostBytes
    self.mostBytesAt = mostBytesAt
  }
}

/// How many different things there were, estimated.
public struct DistinctMeasurement: Sendable {
  /// `queue pairs`, `sources`, `destinations`.
  public var name: String
  public var estimate: Double
  /// The standard error, relative to the estimate.
  public var relativeError: Double

  public init(name: String, estimate: Double, relativeError: Double) {
    self.name = name
    self.estimate = estimate
    self.relativeError = relativeError
  }
}
