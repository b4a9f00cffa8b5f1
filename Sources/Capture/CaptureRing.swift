// SPDX-License-Identifier: BSD-3-Clause

public import Synchronization
public import Wire

/// What a recorder does with a packet when the writer has fallen behind.
@frozen
public enum CaptureOverflow: Sendable {
  /// Counts the packet as missed: the live datapath never waits for a disk.
  case discard
  /// Waits for room, so that a replay loses nothing.
  case wait
}

/// The datapath's end of a `CaptureRecorder`: one pointer, to be kept beside a stage's state.
///
/// Calls allocate nothing, take no lock and count no reference; one thread may make them. It is
/// valid as long as its recorder lives.
@frozen
public struct CaptureRing: @unchecked Sendable {
  @usableFromInline let state: UnsafeMutablePointer<CaptureRingProducer>

  init(state: UnsafeMutablePointer<CaptureRingProducer>) { self.state = state }

  /// Copies a packet that is in one piece; false when it is not recorded.
  @inlinable
  public func record(
    _ bytes: UnsafeRawBufferPointer, nanoseconds: UInt64, originalLength: UInt32,
    linkType: LinkType, comment: CommentID = .none
  ) -> Bool {
    guard
      begin(
        length: bytes.count, nanoseconds: nanoseconds, originalLength: originalLength,
        linkType: linkType, comment: comment)
    else { return false }
    append(bytes)
    commit()
    return true
  }

  /// Reserves room for a packet whose segments follow; when false, nothing may follow.
  @inlinable
  public func begin(
    length: Int, nanoseconds: UInt64, originalLength: UInt32, linkType: LinkType,
    comment: CommentID = .none
  ) -> Bool {
    guard let place = state.pointee.reserve(length) else { return false }
    place.storeBytes(of: nanoseconds, toByteOffset: 8, as: UInt64.self)
    place.storeBytes(of: originalLength, toByteOffset: 16, as: UInt32.self)
    place.storeBytes(of: comment.rawValue, toByteOffset: 20, as: UInt32.self)
    place.storeBytes(of: linkType, toByteOffset: 24, as: LinkType.self)
    return true
  }

  /// Adds one segment; what passes the length that was begun with is left out.
  @inlinable
  public func append(_ segment: UnsafeRawBufferPointer) {
    state.pointee.copy(segment)
  }

  /// Hands the packet to the writer.
  @inlinable
  public func commit() { state.pointee.commit() }

  /// True from the first packet that a limit kept out.
  @inlinable public var isFull: Bool {
    state.pointee.shared.pointee.isFull.load(ordering: .relaxed)
  }
}

/// A record: size 4, captured length 4, nanoseconds 8, original length 4, comment 4, link type 1;
/// then the packet. Records begin at multiples of their header's size, so that a header never
/// wraps; a captured length of `wrap` says that the next one is at the start of the storage.
@usableFromInline
enum CaptureRecordLayout {
  @usableFromInline static let header = 32
  @usableFromInline static let wrap = UInt32.max

  @inlinable
  static func size(of length: Int) -> Int { (header &+ length &+ (header &- 1)) & ~(header &- 1) }
}
