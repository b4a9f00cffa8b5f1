// SPDX-License-Identifier: BSD-3-Clause
import Telemetry

/// A field of the records that `IPFIXExporter` sends, as a collector needs to know it.
public struct IPFIXElement: Sendable {
  /// Whether the number is one of IANA's; else it is under the enterprise number of the settings.
  public var isStandard: Bool
  public var number: UInt16
  public var name: String
  /// Octets.
  public var length: Int
  public var help: String
}

/// The elements by their numbers, which never change: new ones get new numbers. The reference page
/// is made of this table.
extension IPFIXElement {
  /// IANA's, in the order of a record. Addresses are those of either version.
  public static let standard: [IPFIXElement] = [
    iana(152, "flowStartMilliseconds", 8, "When the record's packets began."),
    iana(153, "flowEndMilliseconds", 8, "When the last of the record's packets came."),
    iana(
      1, "octetDeltaCount", 8,
      "Octets since the last record, without 14 of Ethernet for each packet; VLAN tags count."),
    iana(2, "packetDeltaCount", 8, "Packets since the last record."),
    iana(
      352, "layer2OctetDeltaCount", 8, "Octets since the last record, Ethernet header included."),
    iana(11, "destinationTransportPort", 2, "4791, the port of RoCEv2."),
    iana(4, "protocolIdentifier", 1, "17, UDP."),
    iana(136, "flowEndReason", 1, "2 while the run goes on, 4 in the last record."),
  ]
  public static let addresses4: [IPFIXElement] = [
    iana(8, "sourceIPv4Address", 4, "Where the packets come from, if that is IPv4."),
    iana(12, "destinationIPv4Address", 4, "Where they go to."),
  ]
  public static let addresses6: [IPFIXElement] = [
    iana(27, "sourceIPv6Address", 16, "Where the packets come from, if that is IPv6."),
    iana(28, "destinationIPv6Address", 16, "Where they go to."),
  ]

  /// What says which queue pair it is, and what follows from metrics.
  public static let identity: [IPFIXElement] = [
    own(1, "roceDestinationQueuePair", 4, "The queue pair that the packets go to."),
    own(2, "rocePeerQueuePair", 4, "That of the opposite direction; 0 where it is not known."),
    own(3, "roceTunnel", 4, "The tunnel's identifier; 0 without a tunnel."),
    own(
      4, "roceRoundTripMeanNanoseconds", 8,
      "The mean of the round trips measured since the last record; 0 where there were none."),
    own(5, "roceBytesTotal", 8, "All bytes of the queue pair so far, Ethernet header included."),
    own(6, "rocePacketsTotal", 8, "All packets of the queue pair so far."),
  ]

  /// The metrics' numbers. What is a count tells what came since the last record. A template has 60
  /// fields at most: Wireshark reads no longer ones unless told to, and nfdump none beyond 80.
  static let metricNumbers: [(number: UInt16, metric: Metric)] = [
    (16, .messages), (17, .messageBytes), (18, .writeRequests), (19, .readRequests),
    (20, .atomicRequests), (21, .largestMessage), (22, .ceMarked), (23, .notECT),
    (24, .outOfSequence), (25, .missing), (26, .reordered), (27, .lost), (28, .recovered),
    (29, .duplicates), (30, .retransmitted), (31, .rewinds), (32, .rewindsAfterNAK),
    (33, .rewindsAfterRNR), (34, .timeouts), (35, .acknowledgements), (36, .sequenceErrors),
    (37, .invalidRequests), (38, .accessErrors), (39, .operationalErrors),
    (40, .receiverNotReady), (41, .receiverNotReadyWait), (42, .impliedErrors),
    (43, .readResponses), (44, .responsesMissing), (45, .responsesRepeated), (46, .notifications),
    (47, .checksVerified), (48, .checksWrong), (49, .roundTrips), (50, .shortestRoundTrip),
    (51, .longestRoundTrip), (52, .completions), (53, .completionTime), (54, .readAnswers),
    (55, .readAnswerTime), (56, .notificationDelays), (57, .notificationDelay), (58, .pathMTU),
  ]

  public static let metrics: [IPFIXElement] = metricNumbers.map { number, metric in
    own(number, "roce" + camelCase(metric.name), 8, metric.description.help)
  }

  /// Of a record, in their order in it.
  static func all(isIPv6: Bool) -> [IPFIXElement] {
    standard + (isIPv6 ? addresses6 : addresses4) + identity + metrics
  }

  private static func iana(
    _ number: UInt16, _ name: String, _ length: Int, _ help: String
  ) -> IPFIXElement {
    IPFIXElement(isStandard: true, number: number, name: name, length: length, help: help)
  }

  private static func own(
    _ number: UInt16, _ name: String, _ length: Int, _ help: String
  ) -> IPFIXElement {
    IPFIXElement(isStandard: false, number: number, name: name, length: length, help: help)
  }

  /// `wire_lost_packets` as `WireLostPackets`.
  private static func camelCase(_ name: String) -> String {
    name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }
}
