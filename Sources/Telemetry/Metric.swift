// SPDX-License-Identifier: BSD-3-Clause

/// What is counted of each queue pair: of all packets that go to it.
///
/// A requester's packets go to the responder's queue pair, and answers and notifications to the
/// requester's: so `rx_write_requests` is counted where adapters count it, at the responder, and
/// `packet_seq_err` at the requester. Names are those of NVIDIA's counters where the meaning is
/// equal (domain of `hw_counters`); what is inferred from the wire begins with `wire_`.
public enum Metric: Int, CaseIterable, Sendable {
  // What most packets count comes first: one cache line of a queue pair's record.
  case messages, messageBytes, writeRequests, largestMessage
  case acknowledgementRequests, ceMarked, notECT, bytes

  case packets, readRequests, atomicRequests, ecnChanges

  case outOfSequence, missing, reordered, lost, recovered, gapsForgotten, sequenceRestarts
  case duplicates, retransmitted, repeatedReads
  case rewinds, rewindsAfterNAK, rewindsAfterRNR, timeouts, idleBeforeTimeout

  case acknowledgements, acknowledged
  case sequenceErrors, invalidRequests, accessErrors, operationalErrors, invalidDatagramRequests
  case receiverNotReady, receiverNotReadyWait, receiverNotReadyTimer, impliedErrors
  case readResponses, responsesMissing, responsesRepeated

  case notifications, notificationsMarked
  case checksVerified, checksWrong

  case roundTrips, roundTripTime, shortestRoundTrip, longestRoundTrip
  case completions, completionTime, readAnswers, readAnswerTime, notificationDelays
  case notificationDelay

  case pathMTU

  public static var count: Int { allCases.count }
  /// The room that a queue pair has for them: no fewer than there are.
  static var stride: Int { 64 }
}

/// What a metric is called, and what it means.
public struct MetricDescription: Sendable {
  public enum Unit: Sendable {
    case one, packets, bytes, nanoseconds
  }

  /// How the values of several workers, files or queue pairs become one.
  public enum Merge: Sendable, BitwiseCopyable {
    case sum, largest, smallest
  }

  /// In snake case, the unit at its end where it is a time: `round_trip_nanoseconds`.
  public var name: String
  public var unit: Unit
  public var merge: Merge
  /// One sentence: what it counts, and what it does not.
  public var help: String

  /// Whether it only grows.
  public var isCounter: Bool { merge == .sum }
}
