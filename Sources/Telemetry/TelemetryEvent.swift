// SPDX-License-Identifier: BSD-3-Clause

/// Something that was wrong with the traffic for a while, with what shows it.
public struct TelemetryEvent: Sendable {
  public enum Kind: UInt8, CaseIterable, Sendable {
    case goBackNStorm, silentDrop, timeoutRecovery, receiverNotReadyStorm, notificationStorm
    case ecnMisconfiguration, pauseStorm, incast, microburst, corruption, queuePairError
  }

  /// A number with a name: `retransmitted packets`.
  public struct Evidence: Sendable {
    public var name: String
    public var value: UInt64

    public init(_ name: String, _ value: UInt64) {
      self.name = name
      self.value = value
    }
  }

  public var kind: Kind
  /// Nanoseconds of the run's clock: when it was seen first and last.
  public var start: UInt64
  public var end: UInt64
  /// Whether it may still go on.
  public var isOpen: Bool
  /// How often the threshold was passed between start and end.
  public var occurrences: UInt64
  /// The first of the queue pairs that it was seen at, and how many there were in all; several
  /// notices of one queue pair in a row count once.
  public var queuePairs: [QueuePairName]
  public var queuePairCount: UInt64
  /// Where no queue pair is concerned: who receives, or who sends pause frames.
  public var address: String?
  public var evidence: [Evidence]

  public init(kind: Kind, start: UInt64, end: UInt64) {
    self.kind = kind
    self.start = start
    self.end = end
    isOpen = false
    occurrences = 0
    queuePairs = []
    queuePairCount = 0
    evidence = []
  }
}

extension TelemetryEvent.Kind {
  /// `go-back-n-storm`: what settings, JSON and labels call it.
  public var name: String {
    switch self {
    case .goBackNStorm: "go-back-n-storm"
    case .silentDrop: "silent-drop"
    case .timeoutRecovery: "timeout-recovery"
    case .receiverNotReadyStorm: "rnr-storm"
    case .notificationStorm: "cnp-storm"
    case .ecnMisconfiguration: "ecn-misconfiguration"
    case .pauseStorm: "pfc-storm"
    case .incast: "incast"
    case .microburst: "microburst"
    case .corruption: "corruption"
    case .queuePairError: "queue-pair-error"
    }
  }

  public init?(name: String) {
    guard let kind = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = kind
  }

  /// What it means for who runs the fabric.
  public var meaning: String {
    switch self {
    case .goBackNStorm: "senders go back and send many packets again for few that were lost"
    case .silentDrop: "packets are lost with no sign of congestion: a faulty link or device"
    case .timeoutRecovery: "senders learn of losses only when their timer ends"
    case .receiverNotReadyStorm: "receivers have no buffers posted: they are too slow"
    case .notificationStorm: "senders are notified of congestion as fast as receivers can"
    case .ecnMisconfiguration:
      "packets that should be ECN-capable are not, or notifications are marked"
    case .pauseStorm: "a device holds its link paused"
    case .incast: "many senders send to one receiver at once"
    case .microburst: "a receiver gets more than its link for microseconds, on a quiet link"
    case .corruption: "payloads change on their way"
    case .queuePairError: "a connection ended with an error"
    }
  }
}
