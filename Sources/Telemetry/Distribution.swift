// SPDX-License-Identifier: BSD-3-Clause

/// How often what value came, with the name and unit that the values have.
public struct Distribution: Sendable {
  public enum Kind: Int, CaseIterable, Sendable {
    case packetSize, messageSize, roundTrip, completion, readAnswer, notificationDelay
    case idleGap, burstLength, acknowledged, binBytes, fanIn, queueDepth
  }

  public var kind: Kind
  public var histogram: HistogramSnapshot

  public init(_ kind: Kind, _ histogram: HistogramSnapshot) {
    self.kind = kind
    self.histogram = histogram
  }
}

extension Distribution.Kind {
  /// In snake case, the unit at its end where it has one.
  public var name: String {
    switch self {
    case .packetSize: "packet_size_bytes"
    case .messageSize: "message_size_bytes"
    case .roundTrip: "round_trip_nanoseconds"
    case .completion: "completion_nanoseconds"
    case .readAnswer: "read_answer_nanoseconds"
    case .notificationDelay: "cnp_delay_nanoseconds"
    case .idleGap: "idle_gap_nanoseconds"
    case .burstLength: "burst_length_bytes"
    case .acknowledged: "packets_per_ack"
    case .binBytes: "bin_bytes"
    case .fanIn: "fan_in"
    case .queueDepth: "queue_depth_bytes"
    }
  }

  public var unit: MetricDescription.Unit {
    switch self {
    case .packetSize, .messageSize, .burstLength, .binBytes, .queueDepth: .bytes
    case .roundTrip, .completion, .readAnswer, .notificationDelay, .idleGap: .nanoseconds
    case .acknowledged: .packets
    case .fanIn: .one
    }
  }

  /// One sentence: what it counts, and what it does not.
  public var help: String {
    switch self {
    case .packetSize: "Sizes of RoCE packets from the Ethernet header on; no check sequence."
    case .messageSize: "Payloads of messages; not those whose first packet was not seen."
    case .roundTrip: "Times from requests to the answers that cover them, as `round_trips` counts."
    case .completion: "Times from first packets to the answer that covers the last."
    case .readAnswer: "Times from reads to the first packet of the response."
    case .notificationDelay: "Times from the first packet marked CE to the notification."
    case .idleGap: "Silences between the bursts of a queue pair; not gaps within a burst."
    case .burstLength: "Bytes of a queue pair's bursts; not the burst that has not ended."
    case .acknowledged: "Requests that one acknowledgement covers; not what responses cover."
    case .binBytes: "Bytes to one receiver within a bin; no bins without a packet."
    case .fanIn: "Sources that send to one receiver within a window; no windows without a packet."
    case .queueDepth: "Bytes in the queues of `queue` as packets come; not while nothing comes."
    }
  }
}
