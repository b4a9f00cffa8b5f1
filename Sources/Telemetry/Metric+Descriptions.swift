// SPDX-License-Identifier: BSD-3-Clause

extension Metric {
  public var name: String { description.name }

  /// The one place for names and meanings: every exporter and the reference page read it.
  public var description: MetricDescription {
    traffic ?? sequence ?? answers ?? congestion ?? times
  }

  private func count(
    _ name: String, _ help: String, unit: MetricDescription.Unit = .one
  ) -> MetricDescription {
    MetricDescription(name: name, unit: unit, merge: .sum, help: help)
  }

  private func packets(_ name: String, _ help: String) -> MetricDescription {
    count(name, help, unit: .packets)
  }

  private func time(_ name: String, _ help: String) -> MetricDescription {
    count(name + "_nanoseconds", help, unit: .nanoseconds)
  }

  private func extreme(
    _ name: String, _ unit: MetricDescription.Unit, _ merge: MetricDescription.Merge,
    _ help: String
  ) -> MetricDescription {
    MetricDescription(name: name, unit: unit, merge: merge, help: help)
  }

  private var traffic: MetricDescription? {
    switch self {
    case .packets:
      packets("packets", "RoCE packets to the queue pair; none that parsing found malformed.")
    case .bytes:
      count(
        "bytes", "Bytes of these from the Ethernet header on; no check sequence, no preamble.",
        unit: .bytes)
    case .messages:
      count(
        "messages",
        "Requests whose last packet came, reads and atomics included; not those that came again.")
    case .messageBytes:
      count(
        "message_bytes",
        "Payload of these messages, without padding, what reads ask for included; not what was sent"
          + " again.", unit: .bytes)
    case .writeRequests:
      count(
        "rx_write_requests", "RDMA writes whose last packet came; not those that came again.")
    case .readRequests:
      count("rx_read_requests", "RDMA reads asked for; not those that were asked for again.")
    case .atomicRequests:
      count("rx_atomic_requests", "Atomic operations; not those that came again.")
    case .largestMessage:
      extreme(
        "largest_message_bytes", .bytes, .largest,
        "The payload of the largest message; 0 where none was seen from its first packet on.")
    case .acknowledgementRequests:
      packets(
        "ack_requests",
        "Requests in order that ask for an acknowledgement; not those that came again.")
    default: nil
    }
  }

  private var sequence: MetricDescription? {
    switch self {
    case .outOfSequence:
      count(
        "out_of_sequence",
        "Times that a request's sequence number was above the one expected; not how many packets"
          + " were missing.")
    case .missing:
      packets(
        "wire_missing_packets",
        "Sequence numbers that were jumped over, whatever became of them; not those before the"
          + " first packet.")
    case .reordered:
      packets(
        "wire_reordered_packets",
        "Missing packets that came within the reordering time; not those that the sender went back"
          + " for.")
    case .lost:
      packets(
        "wire_lost_packets",
        "Missing packets that were not there when the reordering time ended; recovered ones are"
          + " counted as well.")
    case .recovered:
      packets(
        "wire_recovered_packets",
        "Lost packets that came later, as the sender sent them again; not those seen before.")
    case .gapsForgotten:
      packets(
        "wire_forgotten_packets",
        "Missing packets that were given up for newer gaps: it is not known whether they came.")
    case .sequenceRestarts:
      count(
        "wire_sequence_restarts",
        "Times that the sequence number jumped so far that it is another connection's; not those"
          + " that a connection manager announced.")
    case .duplicates:
      packets(
        "wire_duplicate_packets",
        "Requests that came a second time right away, without the sender going back; not those it"
          + " sent again.")
    case .retransmitted:
      packets(
        "wire_retransmitted_packets",
        "Requests seen before that the sender sent again; not lost ones that came the first time.")
    case .repeatedReads:
      count(
        "wire_repeated_reads",
        "Reads and atomics among these; a read continued from its middle counts as well.")
    case .rewinds:
      count("wire_rewinds", "Times that the sender went back; not the packets it sent again.")
    case .rewindsAfterNAK:
      count(
        "wire_rewinds_after_nak",
        "Of these, those after a NAK for a sequence error; none where the other direction is not"
          + " seen.")
    case .rewindsAfterRNR:
      count(
        "wire_rewinds_after_rnr",
        "Of these, those after a receiver that was not ready; none where the other direction is not"
          + " seen.")
    case .timeouts:
      count(
        "wire_local_ack_timeouts",
        "Of these, those without a NAK after a silence of the timeout's length; not shorter ones.")
    case .idleBeforeTimeout:
      time("wire_timeout_idle", "Silence before these, together; not the time until all is resent.")
    default: nil
    }
  }

  private var answers: MetricDescription? {
    switch self {
    case .acknowledgements:
      packets("acks", "Acknowledgements to the queue pair; no NAK, no response to a read.")
    case .acknowledged:
      packets(
        "acknowledged_packets",
        "Requests that these acknowledged, by how far the sequence number went; not those that"
          + " responses acknowledge.")
    case .sequenceErrors:
      count("packet_seq_err", "NAKs for a sequence error; not retransmissions without one.")
    case .invalidRequests:
      count("wire_nak_invalid_request", "NAKs for an invalid request; no other error.")
    case .accessErrors:
      count("wire_nak_remote_access", "NAKs for an access that was refused; no other error.")
    case .operationalErrors:
      count("wire_nak_remote_operational", "NAKs for a fault at the responder; no other error.")
    case .invalidDatagramRequests:
      count(
        "wire_nak_invalid_rd_request", "NAKs for an invalid reliable datagram; no other error.")
    case .receiverNotReady:
      count("rnr_nak_retry_err", "NAKs since the receiver was not ready; not what followed them.")
    case .receiverNotReadyWait:
      time(
        "wire_rnr_wait",
        "Times that these told the requester to wait, together; not the time it"
          + " waited.")
    case .receiverNotReadyTimer:
      extreme(
        "wire_rnr_longest_wait_nanoseconds", .nanoseconds, .largest,
        "The longest time that one of these told; not the time that the requester waited.")
    case .impliedErrors:
      count(
        "implied_nak_seq_err",
        "Answers to a later request while a read's response was missing: an implied NAK; none where"
          + " the other direction is not seen.")
    case .readResponses:
      packets("wire_read_responses", "Packets of responses to reads and atomics; no requests.")
    case .responsesMissing:
      packets(
        "wire_missing_responses",
        "Response packets jumped over within a read; not responses that are missing as a whole.")
    case .responsesRepeated:
      packets("wire_repeated_responses", "Response packets seen before; no requests.")
    default: nil
    }
  }

  private var congestion: MetricDescription? {
    switch self {
    case .ceMarked:
      packets("np_ecn_marked_roce_packets", "Packets marked CE; notifications are counted too.")
    case .notECT:
      packets(
        "wire_not_ect_packets", "Requests and responses that are Not-ECT; no acknowledgements.")
    case .ecnChanges:
      count(
        "wire_ecn_changes",
        "Times that data changed between ECT and Not-ECT; not changes between ECT(0), ECT(1), CE.")
    case .notifications:
      packets("cc_rx_cnp_pkts", "Congestion notifications to the queue pair; not those it sends.")
    case .notificationsMarked:
      packets("wire_ce_marked_cnps", "Of these, those that are marked CE, which helps nobody.")
    case .checksVerified:
      packets(
        "wire_icrc_checked",
        "Packets whose invariant CRC was verified; none without `verify-icrc`, none that are cut.")
    case .checksWrong:
      packets("rx_icrc_encapsulated", "Of these, those that were wrong; not those unverified.")
    default: nil
    }
  }

  private var times: MetricDescription {
    switch self {
    case .roundTrips:
      count(
        "round_trips",
        "Measured times from a request that asks for an acknowledgement to the first answer that"
          + " covers it; one at a time, none of what was sent again.")
    case .roundTripTime: time("round_trip", "These times together; not their spread.")
    case .shortestRoundTrip:
      extreme(
        "shortest_round_trip_nanoseconds", .nanoseconds, .smallest,
        "The shortest of these; 0 before the first.")
    case .longestRoundTrip:
      extreme(
        "longest_round_trip_nanoseconds", .nanoseconds, .largest,
        "The longest of these; 0 before the first.")
    case .completions:
      count(
        "completions",
        "Measured times from a message's first packet to the answer that covers its last; one at a"
          + " time, none of what was sent again.")
    case .completionTime: time("completion", "These times together; not their spread.")
    case .readAnswers:
      count(
        "read_answers",
        "Measured times from a read to the first packet of its response; one at a time, none that"
          + " were asked for again.")
    case .readAnswerTime: time("read_answer", "These times together; not their spread.")
    case .notificationDelays:
      count(
        "cnp_delays",
        "Measured times from the first packet marked CE to the notification that follows; none"
          + " where the other direction is not seen.")
    case .notificationDelay: time("cnp_delay", "These times together; not their spread.")
    default:
      extreme(
        "path_mtu_bytes", .bytes, .largest,
        "The path MTU by the first packet of a message of several; 0 while none was seen.")
    }
  }
}
