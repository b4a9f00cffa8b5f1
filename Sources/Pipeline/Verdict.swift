// SPDX-License-Identifier: BSD-3-Clause

/// A port of the file, by its number among the file's ports.
@frozen
public struct PortIndex: Hashable, Sendable, BitwiseCopyable {
  public let value: UInt8
  @inlinable public init(_ value: UInt8) { self.value = value }
  /// One burst keeps its ports in a 64-bit mask.
  public static var limit: Int { 64 }
}

/// A pipeline of the file, numbered so that jumps only go to higher numbers.
@frozen
public struct PipelineIndex: Hashable, Sendable, BitwiseCopyable {
  public let value: UInt8
  @inlinable public init(_ value: UInt8) { self.value = value }
  /// One burst keeps its pipelines in a 64-bit mask.
  public static var limit: Int { 64 }
}

/// Who decided on a packet, and for a drop why.
@frozen
public struct Verdict: BitwiseCopyable, Sendable {
  public var stage: UInt16 = 0
  public var reason = DropReason.noVerdict

  @inlinable public init() {}

  @inlinable public init(stage: UInt16, reason: DropReason) {
    self.stage = stage
    self.reason = reason
  }
}

/// A packet that a stage made, on its way to a port.
@frozen
@usableFromInline
struct MadePacket: BitwiseCopyable {
  @usableFromInline var packet: Packet
  @usableFromInline var nanoseconds: UInt64
  @usableFromInline var wireLength: UInt32
  @usableFromInline var stage: UInt16
  @usableFromInline var port: PortIndex

  @inlinable init(
    packet: Packet, nanoseconds: UInt64, wireLength: UInt32, stage: UInt16, port: PortIndex
  ) {
    self.packet = packet
    self.nanoseconds = nanoseconds
    self.wireLength = wireLength
    self.stage = stage
    self.port = port
  }
}
