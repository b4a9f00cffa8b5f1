// SPDX-License-Identifier: BSD-3-Clause

/// Up to 64 packets that lie side by side, each with the record of its headers.
///
/// What is compiled from fields (conditions, rewrites) runs over any source: the engine's burst,
/// or one packet of a tool. An index is below 64, and one that the selection at hand holds.
public protocol PacketSource: ~Copyable {
  func headers(_ index: Int) -> UnsafePointer<Headers>
  /// The packet's first byte. Rewrites write through it.
  func bytes(_ index: Int) -> UnsafeRawPointer
  /// How many bytes the packet had on the wire.
  func wireLength(_ index: Int) -> UInt32
  /// How many of its bytes there are; fewer than on the wire when a snap length cut it.
  func capturedLength(_ index: Int) -> UInt32
  /// The bytes from `offset` on that lie side by side: at least one, or nil past the last one.
  func piece(_ index: Int, from offset: Int) -> PacketPiece?
  /// Layers that all of its packets are known to have.
  var sharedLayers: Layers { get }
}

extension PacketSource where Self: ~Copyable {
  @inlinable public var sharedLayers: Layers { [] }
}

/// Bytes of a packet that lie side by side.
@frozen
public struct PacketPiece: BitwiseCopyable {
  public let start: UnsafeRawPointer
  public let count: Int

  @inlinable public init(start: UnsafeRawPointer, count: Int) {
    self.start = start
    self.count = count
  }
}

/// A source of one packet, whatever the index, for tools and tests.
@frozen
public struct SinglePacket: PacketSource, BitwiseCopyable {
  @usableFromInline let record: UnsafePointer<Headers>
  @usableFromInline let start: UnsafeRawPointer
  @usableFromInline let wire: UInt32
  @usableFromInline let captured: UInt32

  /// Both pointers must stay valid for as long as the source is used.
  @inlinable
  public init(
    headers: UnsafePointer<Headers>, bytes: UnsafeRawPointer, wireLength: UInt32,
    capturedLength: UInt32
  ) {
    record = headers
    start = bytes
    wire = wireLength
    captured = capturedLength
  }

  @inlinable public func headers(_ index: Int) -> UnsafePointer<Headers> { record }
  @inlinable public func bytes(_ index: Int) -> UnsafeRawPointer { start }
  @inlinable public func wireLength(_ index: Int) -> UInt32 { wire }
  @inlinable public func capturedLength(_ index: Int) -> UInt32 { captured }

  @inlinable public func piece(_ index: Int, from offset: Int) -> PacketPiece? {
    let count = Int(captured) &- offset
    return count > 0 ? PacketPiece(start: start + offset, count: count) : nil
  }
}
