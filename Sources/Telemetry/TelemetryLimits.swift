// SPDX-License-Identifier: BSD-3-Clause

/// What telemetry keeps, and from when on it speaks of something. Times are nanoseconds.
public struct TelemetryLimits: BitwiseCopyable, Sendable {
  /// Queue pairs.
  public var capacity = 65536
  /// Gaps in sequence numbers, and addresses that receive.
  public var gaps = 16384
  public var receivers = 1024
  /// Pairs of addresses whose bytes are known of queue pairs that are over.
  public var addressPairs = 1024
  /// So long a missing packet may come late; later it was lost.
  public var reorderTime: UInt64 = 100_000
  /// Of a jump by more sequence numbers it is thought that it is another connection's.
  public var restartDistance: UInt32 = 65536
  /// A sender that goes back without a NAK after such a silence had a timeout.
  public var timeout: UInt64 = 1_000_000
  /// A silence that ends a queue pair's burst.
  public var burstGap: UInt64 = 10_000
  /// The rate of a receiver's link, in bytes a second; and how long a bin is.
  public var bytesPerSecond: UInt64 = 12_500_000_000
  public var bin: UInt64 = 10_000
  public var thresholds = AnomalyThresholds()

  public init() {}
}

/// From when on something is an anomaly. Counts are within a second.
public struct AnomalyThresholds: BitwiseCopyable, Sendable {
  /// Packets that one queue pair's sender sent again.
  public var retransmitted: UInt32 = 128
  /// Packets lost while there was no sign of congestion for a second.
  public var silentlyLost: UInt32 = 4
  public var timeouts: UInt32 = 2
  /// Of one queue pair.
  public var receiverNotReady: UInt32 = 10
  /// Notifications to one queue pair within 10 ms.
  public var notifications: UInt32 = 500
  /// Not-ECT packets of data, and ECT ones beside them.
  public var notECT: UInt32 = 100
  /// In percent of 200 ms.
  public var pausedShare: UInt32 = 80
  /// Sources that send to one receiver within 131 us, while it is marked or more than it can get.
  public var senders: UInt32 = 16
  /// Bins above this share of the receiver's rate, in percent, and how many of them.
  public var binLoad: UInt32 = 100
  public var bins: UInt32 = 10
  /// The share of the rate, in percent, below which a second is quiet.
  public var quietLoad: UInt32 = 30
  /// Packets whose invariant CRC is wrong.
  public var corrupted: UInt32 = 1
  /// An event ends when it was not seen for so long.
  public var quiet: UInt64 = 1_000_000_000

  public init() {}
}
