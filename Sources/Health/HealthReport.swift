// SPDX-License-Identifier: BSD-3-Clause
public import Telemetry

/// How healthy the RDMA traffic of some captures is, and what shows it.
public struct HealthReport: Sendable {
  public var captures: [String] = []
  /// All packets, RoCE or not.
  public var packets: UInt64 = 0
  public var bytes: UInt64 = 0
  /// Between the first packet and the last; nil where there are none.
  public var seconds: Double?
  /// How long it took to find out.
  public var wallSeconds = 0.0
  /// Whether a signal ended it before the captures did.
  public var interrupted = false
  /// What the link of a receiver was taken to carry, in bits a second.
  public var rate = 100e9
  /// Queue pairs that there was room for.
  public var capacity = 0
  public var telemetry = TelemetrySnapshot()
  public var series: SeriesSnapshot?
  /// Queue pairs that lists show at most.
  public var shownQueuePairs = 20
  /// What went wrong while reading.
  public var problems: [String] = []
  /// What a reader of the report should know.
  public var notes: [String] = []

  public init() {}

  /// Whether the captures were read to their end, or to where the user ended it.
  public var succeeded: Bool { problems.isEmpty }
  public var hasAnomalies: Bool { anomalyCount > 0 }

  var anomalyCount: UInt64 { UInt64(telemetry.events.count) + telemetry.forgottenEvents }
  var queuePairCount: UInt64 { UInt64(telemetry.queuePairCount) + telemetry.endedQueuePairs }
  var rocePackets: UInt64 { telemetry.totals[.packets] }

  /// What limits what the report can say, in sentences.
  var limitations: [String] { telemetry.gaps + notes }

  /// Seconds since the first packet.
  func seconds(at time: UInt64) -> Double {
    time > telemetry.start ? Double(time - telemetry.start) / 1e9 : 0
  }
}
