// SPDX-License-Identifier: BSD-3-Clause
import Glibc

/// What all receivers' windows have in common, and how many senders there were in each that had a
/// packet.
@frozen
public struct FanInWindows: ~Copyable {
  /// A window is 2^shift nanoseconds.
  public let shift: UInt64
  /// Of windows that have ended.
  public let senders: LogLinearHistogram
  /// By the bits that are set: the senders that most likely set them.
  @usableFromInline let estimates: UnsafeMutablePointer<UInt16>

  /// Makes windows of 131.072 microseconds.
  static var usualShift: UInt64 { 17 }

  /// - Parameter shift: 17 makes windows of 131.072 microseconds. Of 1 to 29.
  public init(shift: Int = 17) {
    self.shift = UInt64(min(max(shift, 1), 29))
    // Up to 127 senders have a bucket each.
    senders = LogLinearHistogram(precision: 6, bits: 11)
    let bits = Double(FanIn.bits)
    estimates = .allocate(capacity: FanIn.bits + 1)
    for set in 0..<FanIn.bits {
      let senders = -bits * log((bits - Double(set)) / bits)
      (estimates + set).initialize(to: UInt16(senders.rounded()))
    }
    // More than can be told: as if half a bit were not set.
    (estimates + FanIn.bits).initialize(to: UInt16((bits * log(2 * bits)).rounded()))
  }

  deinit { estimates.deallocate() }

  public var byteCount: Int {
    MemoryLayout<Self>.size + senders.byteCount + (FanIn.bits + 1) * MemoryLayout<UInt16>.stride
  }
}
