// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
public import Pipeline
public import Wire

/// A packet that left, as a test looks at it.
public struct Departure: Equatable, Sendable {
  public let bytes: [UInt8]
  public let nanoseconds: UInt64
  public let wireLength: UInt32
  public let link: LinkType
  /// The number of the stage that sent or dropped it.
  public let stage: UInt16
  public let reason: DropReason
}

/// An output that keeps what it was given, and takes only so many packets of each batch.
public final class RecordingOutput: Output {
  public private(set) var departures: [Departure] = []
  /// How many packets each call brought.
  public private(set) var batches: [Int] = []
  /// How many packets of a batch it takes.
  public var appetite = Int.max
  /// Off for bursts without end: packets are only given back.
  public var records = true
  private let freesPackets: Bool

  /// - Parameter freesPackets: not where packets are only shown, as drops are.
  public init(freesPackets: Bool = true) { self.freesPackets = freesPackets }

  public override func send(_ batch: OutputBatch) -> Int {
    let count = min(batch.count, appetite)
    if records {
      batches.append(batch.count)
      for index in 0..<count { departures.append(Self.departure(index, of: batch)) }
    }
    if freesPackets { cdpdk_free(batch.packets, UInt32(count)) }
    return count
  }

  private static func departure(_ index: Int, of batch: OutputBatch) -> Departure {
    Departure(
      bytes: batch.packets[index].allBytes, nanoseconds: batch.nanoseconds[index],
      wireLength: batch.wireLengths[index], link: batch.link,
      stage: batch.verdicts[index].stage, reason: batch.verdicts[index].reason)
  }
}

extension Packet {
  /// The bytes of all segments.
  public var allBytes: [UInt8] {
    let length = pointee.packet_length
    return [UInt8](unsafeUninitializedCapacity: Int(length)) { buffer, count in
      guard length > 0, let base = buffer.baseAddress else { return }
      count = cdpdk_read(self, 0, length, base) ? Int(length) : 0
    }
  }
}
