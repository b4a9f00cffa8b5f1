// SPDX-License-Identifier: BSD-3-Clause

/// What all receivers' bins have in common, and how many bytes there were in each that had a
/// packet.
@frozen
public struct MicroburstBins: ~Copyable {
  /// In nanoseconds.
  public let length: UInt64
  /// A bin with more bytes than this is above it.
  public let threshold: UInt64
  /// Of bins that have ended.
  public let bytes: LogLinearHistogram

  /// - Parameter length: At least 1 nanosecond, at most a second.
  public init(length: UInt64 = 10_000, threshold: UInt64, precision: Int = 5) {
    self.length = min(max(length, 1), Microbursts.second)
    self.threshold = threshold
    // A second of 8 Tb/s.
    bytes = LogLinearHistogram(precision: precision, bits: 40)
  }

  public var byteCount: Int { MemoryLayout<Self>.size + bytes.byteCount }
}
