// SPDX-License-Identifier: BSD-3-Clause

/// What became of the traffic over time.
public struct SeriesSnapshot: Sendable {
  /// When the first point begins, and how long each is, in nanoseconds.
  public var start: UInt64
  public var interval: UInt64
  /// Of all packets that `roce-telemetry` measured.
  public var points: [SeriesPoint] = []
  /// Of the first queue pairs that came.
  public var queuePairs: [QueuePairSeries] = []

  public init(start: UInt64, interval: UInt64) {
    self.start = start
    self.interval = interval
  }
}

/// What came in one interval.
public struct SeriesPoint: BitwiseCopyable, Sendable, Equatable {
  public var packets: UInt64 = 0
  public var bytes: UInt64 = 0
  public var ceMarked: UInt64 = 0
  public var notifications: UInt64 = 0
  /// Requests and responses that were sent again, whether or not they had come before.
  public var sentAgain: UInt64 = 0
  /// Sequence numbers that were jumped over, whatever became of them.
  public var missing: UInt64 = 0

  public init() {}

  mutating func add(_ other: SeriesPoint) {
    packets &+= other.packets
    bytes &+= other.bytes
    ceMarked &+= other.ceMarked
    notifications &+= other.notifications
    sentAgain &+= other.sentAgain
    missing &+= other.missing
  }
}

/// One queue pair over time.
public struct QueuePairSeries: Sendable {
  public var name: QueuePairName
  /// In the snapshot's intervals.
  public var bytes: [UInt64]
  /// Some of its requests and responses, in the order of time.
  public var sequence: [SequencePoint]

  public init(name: QueuePairName, bytes: [UInt64], sequence: [SequencePoint]) {
    self.name = name
    self.bytes = bytes
    self.sequence = sequence
  }
}

/// A packet's sequence number and time.
public struct SequencePoint: Sendable, Equatable {
  public enum Kind: UInt8, CaseIterable, Sendable {
    case inOrder, sentAgain, late, behindGap
  }

  public var time: UInt64
  public var sequence: UInt32
  public var kind: Kind

  public init(time: UInt64, sequence: UInt32, kind: Kind) {
    self.time = time
    self.sequence = sequence
    self.kind = kind
  }

  /// As it is recorded.
  struct Stored: BitwiseCopyable {
    var time: UInt64
    var sequence: UInt32
    var kind: UInt8
  }

  init?(_ stored: Stored) {
    guard let kind = Kind(rawValue: stored.kind) else { return nil }
    self.init(time: stored.time, sequence: stored.sequence, kind: kind)
  }
}

extension SequencePoint.Kind {
  /// `sent-again`: what JSON and tables call it.
  public var name: String {
    switch self {
    case .inOrder: "in-order"
    case .sentAgain: "sent-again"
    case .late: "late"
    case .behindGap: "behind-gap"
    }
  }
}
