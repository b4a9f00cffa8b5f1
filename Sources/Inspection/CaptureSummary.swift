// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// What captures are: the one structure from which the text and the JSON come.
public struct CaptureSummary: Sendable {
  struct File: Sendable {
    var path: String
    /// `pcap`, `pcapng`; nil of a file that could not be opened.
    var format: String?
    var linkType: String?
    var snapLength: Int
  }

  struct Named: Sendable {
    var name: String
    var count: UInt64
  }

  struct Group: Sendable {
    var words: [String]
    var count: PacketCount
  }

  struct QueuePair: Sendable {
    var source: String
    var destination: String
    var number: UInt32
    var transports: [String]
    var count: PacketCount
    var congested: UInt64
  }

  var files: [File]
  /// The filter, when there is one.
  var filter: String?
  var total = PacketCount()
  var capturedBytes: UInt64 = 0
  var cutPackets: UInt64 = 0
  var longestCaptured = 0
  /// Nanoseconds since 1970; nil where there are no packets.
  var earliest: UInt64?
  var latest: UInt64?
  var backwards: UInt64 = 0
  /// By their headers, the most frequent ones first.
  var protocols: [Group] = []
  var opcodes: [Group] = []
  /// Packets with a base transport header.
  var rdmaPackets: UInt64 = 0
  /// How many queue pairs packets went to.
  var queuePairs = 0
  /// The busiest of them, from one address each.
  var busiest: [QueuePair] = []
  /// Packets to queue pairs that there was no room to count.
  var uncountedByQueuePair: UInt64 = 0
  var ecn: [Named] = []
  var acks: UInt64 = 0
  var notReady: UInt64 = 0
  var naks: [Named] = []
  var notifications: UInt64 = 0
  var icrc: [Named] = []
  /// RoCE packets that are too short to have an ICRC.
  var withoutICRC: UInt64 = 0
  /// How those were chosen whose ICRC was checked, where not all were.
  var sampling: String?
  var malformed: [Named] = []
  /// Whether a signal ended it before the captures did.
  var interrupted = false
  /// What could not be read, and why: everything before it was counted.
  public var problems: [String] = []
  public var notes: [String] = []
}

extension Inspection {
  /// Counts the packets.
  ///
  /// - Parameter busiest: how many queue pairs are told apart in the summary.
  public func summarize(busiest: Int) -> CaptureSummary {
    // Which packets are the first ones is a matter of time; how many there are is not.
    var feed = PacketFeed(
      options, merging: options.packetLimit != nil, checkingICRC: false, host: host)
    var counters = SummaryCounters(options.icrc)
    var batch = PacketBatch()
    while feed.next(&batch) { counters.add(batch) }
    return CaptureSummary(
      counters, feed.captures, options, interrupted: host.isStopped(), busiest: busiest)
  }
}
