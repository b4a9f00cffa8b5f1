// SPDX-License-Identifier: BSD-3-Clause
import Settings
import Tables
import Telemetry

/// What can be set of `roce-telemetry`.
enum TelemetrySettings {
  static let capacity: Setting<Int> = .integer(
    "capacity", in: 1...FlowTable.largestCapacity, default: 65536,
    "How many queue pairs can be measured, as many as `track-qps` has room for")
  static let rate: Setting<Double> = .bitRate(
    "rate", in: 1e6...10e12, default: "100Gbps", "What the link of a receiver can carry")
  static let reorderTime: Setting<UInt64> = .duration(
    "reorder-time", in: 1e-6...10, default: "100us",
    "So long a missing packet may come late; after that it was lost")
  static let restartDistance: Setting<Int> = .integer(
    "restart-distance", in: 64...4_194_304, default: 65536,
    "A jump by more sequence numbers is another connection's")
  static let timeout: Setting<UInt64> = .duration(
    "timeout", in: 10e-6...60, default: "1ms",
    "A sender that goes back without a NAK after such a silence had a timeout")
  static let burstGap: Setting<UInt64> = .duration(
    "burst-gap", in: 100e-9...10, default: "10us", "A silence that ends a queue pair's burst")
  static let bin: Setting<UInt64> = .duration(
    "bin", in: 1e-6...0.01, default: "10us", "How long the bins are that show microbursts")
  static let gaps: Setting<Int> = .integer(
    "gaps", in: 64...1_048_576, default: 16384,
    "How many gaps in sequence numbers are remembered, of all queue pairs")
  static let receivers: Setting<Int> = .integer(
    "receivers", in: 1...65535, default: 1024,
    "How many addresses are watched for microbursts and incast; the rest is seen as one")
  static let series: Setting<Int> = .integer(
    "series", in: 0...4096, default: 0,
    "So many queue pairs, the first that come, are kept over time, as `sluice report` shows them; 0"
      + " is none")
  static let anomalies: Setting<SettingValues?> = .record(
    "anomalies", AnomalySettings.all, "From when on something is an anomaly")

  static let all: [any SettingDeclaration] = [
    capacity, rate, reorderTime, restartDistance, timeout, burstGap, bin, gaps, receivers,
    series, anomalies,
  ]

  static func limits(_ settings: SettingValues) -> TelemetryLimits {
    var limits = TelemetryLimits()
    limits.capacity = settings[capacity]
    limits.bytesPerSecond = UInt64(settings[rate] / 8)
    limits.reorderTime = settings[reorderTime]
    limits.restartDistance = UInt32(settings[restartDistance])
    limits.timeout = settings[timeout]
    limits.burstGap = settings[burstGap]
    limits.bin = settings[bin]
    limits.gaps = settings[gaps]
    limits.receivers = settings[receivers]
    if let anomalies = settings[anomalies] {
      limits.thresholds = AnomalySettings.thresholds(anomalies)
    }
    return limits
  }
}

/// From when on something is an anomaly.
enum AnomalySettings {
  static let retransmitted: Setting<Int> = .integer(
    "go-back-n-packets", in: 1...Int(Int32.max), default: 128,
    "`go-back-n-storm`: packets that one queue pair's sender sends again within a second")
  static let silentlyLost: Setting<Int> = .integer(
    "silent-drop-packets", in: 1...Int(Int32.max), default: 4,
    "`silent-drop`: packets lost, or denied, within a second without a sign of congestion")
  static let timeouts: Setting<Int> = .integer(
    "timeouts", in: 1...Int(Int32.max), default: 2,
    "`timeout-recovery`: timeouts of one queue pair within a second")
  static let receiverNotReady: Setting<Int> = .integer(
    "rnr-naks", in: 1...Int(Int32.max), default: 10,
    "`rnr-storm`: NAKs to one queue pair within a second since the receiver is not ready")
  static let notifications: Setting<Int> = .integer(
    "cnps", in: 1...Int(Int32.max), default: 500,
    "`cnp-storm`: notifications to one queue pair within 10 ms")
  static let notECT: Setting<Int> = .integer(
    "not-ect-packets", in: 1...Int(Int32.max), default: 100,
    "`ecn-misconfiguration`: packets of data within a second that are Not-ECT while as many are ECT"
  )
  static let pausedShare: Setting<Int> = .integer(
    "paused-percent", in: 1...100, default: 80,
    "`pfc-storm`: the share of 200 ms that a priority is paused")
  static let senders: Setting<Int> = .integer(
    "incast-sources", in: 2...1024, default: 16,
    "`incast`: sources that send to one receiver within 131 us, when packets are marked or too many"
      + " come for the rate")
  static let binLoad: Setting<Int> = .integer(
    "microburst-percent", in: 1...10000, default: 100,
    "`microburst`: a bin has more than this share of what the rate allows")
  static let bins: Setting<Int> = .integer(
    "microburst-bins", in: 1...100_000, default: 10, "`microburst`: such bins within a second")
  static let quietLoad: Setting<Int> = .integer(
    "quiet-percent", in: 1...100, default: 30,
    "`microburst`: the share of the rate below which the second is quiet")
  static let corrupted: Setting<Int> = .integer(
    "wrong-icrcs", in: 1...Int(Int32.max), default: 1,
    "`corruption`: packets to one queue pair within a second whose invariant CRC is wrong")
  static let quiet: Setting<UInt64> = .duration(
    "quiet-time", in: 0.001...3600, default: "1s", "An event ends when it was not seen for so long")

  static let all: [any SettingDeclaration] = [
    retransmitted, silentlyLost, timeouts, receiverNotReady, notifications, notECT, pausedShare,
    senders, binLoad, bins, quietLoad, corrupted, quiet,
  ]

  static func thresholds(_ settings: SettingValues) -> AnomalyThresholds {
    var thresholds = AnomalyThresholds()
    thresholds.retransmitted = UInt32(settings[retransmitted])
    thresholds.silentlyLost = UInt32(settings[silentlyLost])
    thresholds.timeouts = UInt32(settings[timeouts])
    thresholds.receiverNotReady = UInt32(settings[receiverNotReady])
    thresholds.notifications = UInt32(settings[notifications])
    thresholds.notECT = UInt32(settings[notECT])
    thresholds.pausedShare = UInt32(settings[pausedShare])
    thresholds.senders = UInt32(settings[senders])
    thresholds.binLoad = UInt32(settings[binLoad])
    thresholds.bins = UInt32(settings[bins])
    thresholds.quietLoad = UInt32(settings[quietLoad])
    thresholds.corrupted = UInt32(settings[corrupted])
    thresholds.quiet = settings[quiet]
    return thresholds
  }
}
