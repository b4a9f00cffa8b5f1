// SPDX-License-Identifier: BSD-3-Clause
import Presentation
import Telemetry

/// Metrics that are shown together.
enum MetricGroup: String, CaseIterable {
  case traffic, losses, answers, congestion, integrity, times

  /// Packets and bytes first: the rest is parts of them.
  var metrics: [Metric] {
    let metrics = Metric.allCases.filter { $0.group == self }
    let first = metrics.filter { $0 == .packets } + metrics.filter { $0 == .bytes }
    return first + metrics.filter { $0 != .packets && $0 != .bytes }
  }
}

extension Metric {
  var group: MetricGroup {
    switch self {
    case .packets, .bytes, .messages, .messageBytes, .writeRequests, .readRequests,
      .atomicRequests, .largestMessage, .acknowledgementRequests, .pathMTU:
      .traffic
    case .outOfSequence, .missing, .reordered, .lost, .recovered, .gapsForgotten,
      .sequenceRestarts, .duplicates, .retransmitted, .repeatedReads, .rewinds, .rewindsAfterNAK,
      .rewindsAfterRNR, .timeouts, .idleBeforeTimeout:
      .losses
    case .acknowledgements, .acknowledged, .sequenceErrors, .invalidRequests, .accessErrors,
      .operationalErrors, .invalidDatagramRequests, .receiverNotReady, .receiverNotReadyWait,
      .receiverNotReadyTimer, .impliedErrors, .readResponses, .responsesMissing,
      .responsesRepeated:
      .answers
    case .ceMarked, .notECT, .ecnChanges, .notifications, .notificationsMarked: .congestion
    case .checksVerified, .checksWrong: .integrity
    default: .times
    }
  }
}

extension MetricDescription.Unit {
  /// The value as people read it, with its unit.
  func text(_ value: UInt64) -> String {
    switch self {
    case .bytes: Figure.bytes(value)
    case .nanoseconds: Figure.seconds(Double(value) / 1e9)
    case .one, .packets: Figure.count(value)
    }
  }

  func text(_ value: Double) -> String {
    switch self {
    case .bytes: Figure.scaled(value, "B")
    case .nanoseconds: Figure.seconds(value / 1e9)
    case .one, .packets: Figure.fraction(value)
    }
  }
}

extension Distribution.Kind {
  /// The name without its unit, which the values have.
  var label: String {
    for unit in ["_nanoseconds", "_bytes"] where name.hasSuffix(unit) {
      return String(name.dropLast(unit.count)).spaced
    }
    return name.spaced
  }
}

extension String {
  fileprivate var spaced: String { split(separator: "_").joined(separator: " ") }
}
