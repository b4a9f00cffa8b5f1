// SPDX-License-Identifier: BSD-3-Clause

/// The whole NIC at one instant of a run, for those that show it or carry it elsewhere.
public struct NICSnapshot: Sendable {
  public struct Port: Sendable {
    public var name: String
    public var device: String
    public var link: String?
    public var receivedPackets: UInt64 = 0
    public var receivedBytes: UInt64 = 0
    public var sentPackets: UInt64 = 0
    public var sentBytes: UInt64 = 0
    /// Packets that came while there was no room for them; nil where no driver counts.
    public var missedPackets: UInt64?

    public init(name: String, device: String) {
      self.name = name
      self.device = device
    }
  }

  public struct Stage: Sendable {
    public var pipeline: String
    public var label: String
    public var stage: String
    public var packets: UInt64 = 0
    public var dropped: UInt64 = 0
    /// Of the bursts that were timed.
    public var timedCycles: UInt64 = 0
    public var timedPackets: UInt64 = 0
    public var figures: [(name: String, value: UInt64)] = []

    public init(pipeline: String, label: String, stage: String) {
      self.pipeline = pipeline
      self.label = label
      self.stage = stage
    }
  }

  public struct Drop: Sendable {
    public var reason: String
    public var packets: UInt64

    public init(reason: String, packets: UInt64) {
      self.reason = reason
      self.packets = packets
    }
  }

  /// The pipeline file.
  public var file: String
  /// Nanoseconds since 1970 when it was taken, and seconds since the run began.
  public var nanoseconds: UInt64
  public var uptime: Double
  public var workers: Int
  public var ports: [Port] = []
  public var stages: [Stage] = []
  public var drops: [Drop] = []
  /// Nil where the file has no `roce-telemetry`.
  public var telemetry: TelemetrySnapshot?

  public init(file: String, nanoseconds: UInt64, uptime: Double, workers: Int) {
    self.file = file
    self.nanoseconds = nanoseconds
    self.uptime = uptime
    self.workers = workers
  }
}
