// SPDX-License-Identifier: BSD-3-Clause

/// What an observer found a packet to be, by its sequence number.
public struct PacketOutcome: BitwiseCopyable {
  /// The kind in the lowest byte; behind a gap, how many packets are missing above it.
  let rawValue: UInt32

  @inline(__always)
  init(_ kind: SequencePoint.Kind) { rawValue = UInt32(kind.rawValue) }

  @inline(__always)
  init(rawValue: UInt32) { self.rawValue = rawValue }

  public static var inOrder: PacketOutcome { PacketOutcome(rawValue: 0) }
  static var sentAgain: PacketOutcome { PacketOutcome(.sentAgain) }
  static var late: PacketOutcome { PacketOutcome(.late) }
  /// Acknowledgements, notifications and datagrams: their sequence numbers are not followed.
  static var answer: PacketOutcome { PacketOutcome(rawValue: 0xff) }

  static func behindGap(of count: UInt32) -> PacketOutcome {
    PacketOutcome(
      rawValue: UInt32(SequencePoint.Kind.behindGap.rawValue) | min(count, 0xff_ffff) &<< 8)
  }

  /// Packets missing before this one.
  @inline(__always)
  var missing: UInt64 { UInt64(rawValue &>> 8) }

  /// Nil of a packet whose sequence number is not followed.
  @inline(__always)
  var kind: UInt8? { rawValue & 0xff == 0xff ? nil : UInt8(truncatingIfNeeded: rawValue) }
}
