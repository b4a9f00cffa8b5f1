// SPDX-License-Identifier: BSD-3-Clause

import Glibc
import Synchronization

/// What both ends of the ring see. Positions count bytes since the start and never wrap.
@usableFromInline
struct CaptureRingShared: ~Copyable {
  @usableFromInline let storage: UnsafeMutableRawPointer
  /// A power of two.
  @usableFromInline let capacity: Int
  @usableFromInline let snapLength: Int
  @usableFromInline let overflow: CaptureOverflow
  /// Set by the writer when it can write no more, and by the control side when it should stop.
  @usableFromInline let isBroken = Atomic(false)
  @usableFromInline let isFull = Atomic(false)
  let isStopping = Atomic(false)

  // Each end writes its own positions and counters; the gaps keep them on lines of their own.
  private let gap1 = CacheLine()
  @usableFromInline let written = Atomic<Int>(0)
  @usableFromInline let recorded = Atomic<UInt64>(0)
  @usableFromInline let missed = Atomic<UInt64>(0)
  private let gap2 = CacheLine()
  @usableFromInline let consumed = Atomic<Int>(0)
  private let gap3 = CacheLine()

  init(capacity: Int, snapLength: Int, overflow: CaptureOverflow) {
    storage = .allocate(byteCount: capacity, alignment: 64)
    self.capacity = capacity
    self.snapLength = snapLength
    self.overflow = overflow
  }

  deinit { storage.deallocate() }

  private struct CacheLine { var words: InlineArray<16, UInt64> = .init(repeating: 0) }
}

/// The datapath's own part: nobody else reads or writes it.
@usableFromInline
struct CaptureRingProducer {
  @usableFromInline let shared: UnsafeMutablePointer<CaptureRingShared>
  @usableFromInline var packetsLeft: UInt64
  @usableFromInline var bytesLeft: UInt64
  /// As far as the writer was known to be.
  @usableFromInline var consumed = 0
  @usableFromInline var position = 0
  /// The record in progress: its header, the end of its bytes so far, what may still come.
  @usableFromInline var record: UnsafeMutableRawPointer?
  @usableFromInline var cursor: UnsafeMutableRawPointer?
  @usableFromInline var missing = 0
  @usableFromInline var captured = 0

  init(shared: UnsafeMutablePointer<CaptureRingShared>, packetLimit: UInt64, byteLimit: UInt64) {
    self.shared = shared
    packetsLeft = packetLimit
    bytesLeft = byteLimit
  }

  /// Room for the header and at most `snapLength` of `length` bytes, in one piece.
  @inlinable
  mutating func reserve(_ length: Int) -> UnsafeMutableRawPointer? {
    let kept = min(max(length, 0), shared.pointee.snapLength)
    guard packetsLeft > 0, bytesLeft >= UInt64(truncatingIfNeeded: kept) else {
      shared.pointee.isFull.store(true, ordering: .relaxed)
      packetsLeft = 0
      return nil
    }
    let size = CaptureRecordLayout.size(of: kept)
    let offset = position & (shared.pointee.capacity &- 1)
    let untilEnd = shared.pointee.capacity &- offset
    let skipped = untilEnd < size ? untilEnd : 0
    guard hasRoom(skipped &+ size) else { return nil }
    let place = skipped > 0 ? wrap(offset, skipped) : shared.pointee.storage + offset
    place.storeBytes(of: UInt32(truncatingIfNeeded: size), as: UInt32.self)
    record = place
    cursor = place + CaptureRecordLayout.header
    missing = kept
    captured = 0
    position &+= size
    return place
  }

  @inlinable
  mutating func copy(_ segment: UnsafeRawBufferPointer) {
    let count = min(segment.count, missing)
    guard count > 0, let cursor, let source = segment.baseAddress else { return }
    cursor.copyMemory(from: source, byteCount: count)
    self.cursor = cursor + count
    missing &-= count
    captured &+= count
  }

  @inlinable
  mutating func commit() {
    guard let record else { return }
    record.storeBytes(of: UInt32(truncatingIfNeeded: captured), toByteOffset: 4, as: UInt32.self)
    self.record = nil
    cursor = nil
    missing = 0
    packetsLeft &-= 1
    bytesLeft &-= UInt64(truncatingIfNeeded: captured)
    let count = shared.pointee.recorded.load(ordering: .relaxed) &+ 1
    shared.pointee.recorded.store(count, ordering: .relaxed)
    shared.pointee.written.store(position, ordering: .releasing)
  }

  /// Marks the end of the storage as unused and goes on at its start.
  @inlinable
  mutating func wrap(_ offset: Int, _ skipped: Int) -> UnsafeMutableRawPointer {
    let place = shared.pointee.storage + offset
    place.storeBytes(of: UInt32(truncatingIfNeeded: skipped), as: UInt32.self)
    place.storeBytes(of: CaptureRecordLayout.wrap, toByteOffset: 4, as: UInt32.self)
    position &+= skipped
    return shared.pointee.storage
  }

  @inlinable
  mutating func hasRoom(_ needed: Int) -> Bool {
    if !shared.pointee.isBroken.load(ordering: .relaxed) {
      // Positions are 63 bits of bytes: they do not overflow in a machine's life.
      if position &- consumed &+ needed <= shared.pointee.capacity { return true }
      consumed = shared.pointee.consumed.load(ordering: .acquiring)
      if position &- consumed &+ needed <= shared.pointee.capacity { return true }
      if shared.pointee.overflow == .wait, waitForRoom(needed) { return true }
    }
    let count = shared.pointee.missed.load(ordering: .relaxed) &+ 1
    shared.pointee.missed.store(count, ordering: .relaxed)
    return false
  }

  /// False when the writer has failed, and there will never be room.
  @usableFromInline
  mutating func waitForRoom(_ needed: Int) -> Bool {
    while !shared.pointee.isBroken.load(ordering: .relaxed) {
      consumed = shared.pointee.consumed.load(ordering: .acquiring)
      if position &- consumed &+ needed <= shared.pointee.capacity { return true }
      usleep(50)
    }
    return false
  }
}
