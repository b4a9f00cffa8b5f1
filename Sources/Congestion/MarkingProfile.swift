// SPDX-License-Identifier: BSD-3-Clause

/// Thresholds of marking that others have published, for the rate of a port.
public enum MarkingProfile: String, CaseIterable, Sendable {
  /// Kmin 5 KB, Kmax 200 KB, Pmax 1 % at 40 Gb/s (Zhu et al., "Congestion Control for Large-Scale
  /// RDMA Deployments", SIGCOMM 2015, section 5).
  case dcqcnPaper = "dcqcn-paper"
  /// 100 KB, 400 KB and 20 % for each 25 Gb/s: DCQCN's thresholds in HPCC's simulator
  /// (alibaba-edu/High-Precision-Congestion-Control, simulation/mix/config.txt).
  case hpcc
  /// 1 MiB, 2 MiB and 5 %, whatever the rate: the profile AZURE_LOSSLESS of SONiC
  /// (sonic-buildimage, files/build_templates/qos_config.j2).
  case sonicAzure = "sonic-azure"
  /// All beyond 65 packets of 1500 B at 10 Gb/s (Alizadeh et al., "Data Center TCP", SIGCOMM 2010,
  /// section 4).
  case dctcp

  /// The published thresholds in bytes, and the rate in bits per second that they were given for;
  /// nil where they hold at any rate.
  var published: (min: UInt64, max: UInt64, share: Double, rate: UInt64?) {
    switch self {
    case .dcqcnPaper: (5_000, 200_000, 0.01, 40_000_000_000)
    case .hpcc: (100_000, 400_000, 0.2, 25_000_000_000)
    case .sonicAzure: (1_048_576, 2_097_152, 0.05, nil)
    case .dctcp: (65 * 1500, 65 * 1500, 1, 10_000_000_000)
    }
  }

  /// The curve for a port of `rate` bits per second: thresholds grow with the rate, so that they
  /// stand for the same time, and are rounded down to whole bytes.
  public func curve(rate: UInt64) -> MarkingCurve {
    let (min, max, share, publishedRate) = published
    return MarkingCurve(
      min: Self.scaled(min, to: rate, from: publishedRate),
      max: Self.scaled(max, to: rate, from: publishedRate),
      probability: MarkingCurve.probability(share))
  }

  private static func scaled(_ bytes: UInt64, to rate: UInt64, from published: UInt64?) -> UInt64 {
    guard let published else { return bytes }
    let product = bytes.multipliedFullWidth(by: rate)
    guard product.high < published else { return .max }
    return published.dividingFullWidth(product).quotient
  }
}
