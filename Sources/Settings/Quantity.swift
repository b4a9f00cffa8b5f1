// SPDX-License-Identifier: BSD-3-Clause

/// What a number with a unit measures.
public enum Quantity: Sendable, CaseIterable {
  /// In seconds.
  case duration
  /// In bits per second.
  case bitRate
  /// In packets per second.
  case packetRate
  /// In bytes; units are decimal (`KB`) or binary (`KiB`).
  case size
  /// As a share of one, written in percent.
  case share

  /// A unit as it is written, and its worth in the base unit: `multiplier / divisor`.
  public struct Unit: Sendable {
    public let name: String
    let multiplier: Double
    let divisor: Double

    init(_ name: String, _ multiplier: Double, per divisor: Double = 1) {
      self.name = name
      self.multiplier = multiplier
      self.divisor = divisor
    }
  }

  /// The units that may be written, from small to large.
  public var units: [Unit] {
    switch self {
    case .duration:
      [
        Unit("ns", 1, per: 1e9), Unit("us", 1, per: 1e6), Unit("ms", 1, per: 1e3), Unit("s", 1),
        Unit("m", 60), Unit("h", 3600),
      ]
    case .bitRate:
      [
        Unit("bps", 1), Unit("Kbps", 1e3), Unit("Mbps", 1e6), Unit("Gbps", 1e9),
        Unit("Tbps", 1e12),
      ]
    case .packetRate: [Unit("pps", 1), Unit("Kpps", 1e3), Unit("Mpps", 1e6), Unit("Gpps", 1e9)]
    case .size:
      [
        Unit("B", 1), Unit("KB", 1e3), Unit("KiB", 1024), Unit("MB", 1e6),
        Unit("MiB", 1_048_576), Unit("GB", 1e9), Unit("GiB", 1_073_741_824), Unit("TB", 1e12),
        Unit("TiB", 1_099_511_627_776),
      ]
    case .share: [Unit("%", 1, per: 100)]
    }
  }

  /// Units worth proposing to somebody who wrote none.
  var usualUnits: [String] {
    switch self {
    case .duration: ["us", "ms", "s"]
    case .bitRate: ["Mbps", "Gbps"]
    case .packetRate: ["Kpps", "Mpps"]
    case .size: ["B", "KB", "MB"]
    case .share: ["%"]
    }
  }

  /// With its article, for "expected a duration".
  var noun: String {
    switch self {
    case .duration: "a duration"
    case .bitRate: "a bit rate"
    case .packetRate: "a packet rate"
    case .size: "a size"
    case .share: "a share in percent"
    }
  }

  /// A value as a user would write one.
  public var sample: String {
    switch self {
    case .duration: "50us"
    case .bitRate: "100Gbps"
    case .packetRate: "10Mpps"
    case .size: "400KB"
    case .share: "20%"
    }
  }
}
