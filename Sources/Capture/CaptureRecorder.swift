// SPDX-License-Identifier: BSD-3-Clause

import Synchronization

/// Writes packets to a capture file from a thread of its own, so that a disk never stalls polling.
///
/// The datapath records through `ring`; everything else here is for the control side.
public final class CaptureRecorder: @unchecked Sendable {
  public let ring: CaptureRing
  private let shared: UnsafeMutablePointer<CaptureRingShared>
  private let worker: CaptureRecorderThread
  private var thread: QuietThread?

  /// Takes over `writer`, whose comments must be registered by now.
  ///
  /// `packetLimit` and `byteLimit` (captured bytes) end the recording; `capacity` is the size of
  /// the ring in bytes, rounded up to a power of two that holds at least two packets.
  public init(
    writer: CaptureWriter, overflow: CaptureOverflow = .discard, packetLimit: UInt64 = .max,
    byteLimit: UInt64 = .max, capacity: Int = 8 << 20
  ) throws(CaptureError) {
    let record = CaptureRecordLayout.size(of: writer.snapLength)
    let wanted = max(min(capacity, 1 << 34), 2 * record)
    shared = .allocate(capacity: 1)
    shared.initialize(
      to: CaptureRingShared(
        capacity: 1 << (Int.bitWidth - (wanted - 1).leadingZeroBitCount),
        snapLength: writer.snapLength, overflow: overflow))
    let state = UnsafeMutablePointer<CaptureRingProducer>.allocate(capacity: 1)
    state.initialize(
      to: CaptureRingProducer(shared: shared, packetLimit: packetLimit, byteLimit: byteLimit))
    ring = CaptureRing(state: state)
    worker = CaptureRecorderThread(writer: writer, shared: shared)
    thread = try worker.start()
  }

  deinit {
    stop()
    ring.state.deinitialize(count: 1).deallocate()
    shared.deinitialize(count: 1).deallocate()
  }

  /// Packets that were taken into the ring; once writing has failed, those that are in the file.
  public var recorded: UInt64 { worker.failure.withLock { $0?.packetsInFile } ?? taken }
  /// Packets that found no room, came after a write error, or were lost to it.
  public var missed: UInt64 {
    shared.pointee.missed.load(ordering: .relaxed) + (taken - min(recorded, taken))
  }
  private var taken: UInt64 { shared.pointee.recorded.load(ordering: .relaxed) }
  /// True from the first packet that a limit kept out.
  public var isFull: Bool { ring.isFull }
  /// Why writing has stopped, when it has.
  public var error: CaptureError? { worker.failure.withLock { $0?.error } }

  /// Writes what is left and finishes the file. The datapath must not record any more.
  ///
  /// Waits for the writer: behind a pipe that nobody reads it waits as long as that lasts.
  public func finish() throws(CaptureError) {
    stop()
    worker.finish()
    if let error { throw error }
  }

  private func stop() {
    guard let thread else { return }
    shared.pointee.isStopping.store(true, ordering: .releasing)
    thread.join()
    self.thread = nil
    shared.pointee.isBroken.store(true, ordering: .relaxed)
  }
}
