// SPDX-License-Identifier: BSD-3-Clause

/// What a number with a unit measures. The first unit of each is the base unit of its values.
public enum Quantity: Sendable, CaseIterable {
  /// Seconds.
  case duration
  /// Bits per second.
  case bitRate
  /// Packets per second.
  case packetRate
  /// Bytes, decimal (`KB`) or binary (`KiB`).
  case size
  /// A share of one, written in percent.
  case share
}
