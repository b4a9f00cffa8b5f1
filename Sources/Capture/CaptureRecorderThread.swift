// SPDX-License-Identifier: BSD-3-Clause

import Glibc
import Synchronization
import Wire

/// The writer's end of a recorder's ring, and the thread that it runs on.
final class CaptureRecorderThread: @unchecked Sendable {
  /// The thread's own until it has been joined.
  let writer: CaptureWriter
  let failure = Mutex<(error: CaptureError, packetsInFile: UInt64)?>(nil)
  private let shared: UnsafeMutablePointer<CaptureRingShared>
  private var position = 0
  private var idleRounds = 0

  private static let idleMicroseconds: UInt32 = 1000
  /// What was recorded is in the file after about this many idle rounds.
  private static let roundsBeforeFlush = 200

  init(writer: CaptureWriter, shared: UnsafeMutablePointer<CaptureRingShared>) {
    self.writer = writer
    self.shared = shared
  }

  func start() throws(CaptureError) -> QuietThread {
    do throws(QuietThread.Failure) {
      return try QuietThread { self.run() }
    } catch {
      throw CaptureError(
        file: writer.path, operation: "start its writer thread", errno: error.code)
    }
  }

  private func run() {
    while true {
      // Looked at before the ring is, so that nothing recorded before the stop is left behind.
      let isStopping = shared.pointee.isStopping.load(ordering: .acquiring)
      let end = shared.pointee.written.load(ordering: .acquiring)
      if position != end {
        drain(to: end)
        idleRounds = 0
      } else if isStopping {
        return
      } else {
        rest()
      }
    }
  }

  private func drain(to end: Int) {
    while position != end {
      let record = shared.pointee.storage + (position & (shared.pointee.capacity - 1))
      position += Int(record.load(as: UInt32.self))
      attempt { writer throws(CaptureError) in try Self.write(record, to: writer) }
      shared.pointee.consumed.store(position, ordering: .releasing)
    }
  }

  private static func write(
    _ record: UnsafeMutableRawPointer, to writer: CaptureWriter
  ) throws(CaptureError) {
    let captured = record.load(fromByteOffset: 4, as: UInt32.self)
    if captured == CaptureRecordLayout.wrap { return }
    try writer.write(
      UnsafeRawBufferPointer(start: record + CaptureRecordLayout.header, count: Int(captured)),
      nanoseconds: record.load(fromByteOffset: 8, as: UInt64.self),
      originalLength: record.load(fromByteOffset: 16, as: UInt32.self),
      linkType: record.load(fromByteOffset: 24, as: LinkType.self),
      comment: CommentID(rawValue: record.load(fromByteOffset: 20, as: UInt32.self)))
  }

  /// Completes the file; the thread must have been joined.
  func finish() {
    attempt { writer throws(CaptureError) in try writer.finish() }
  }

  private func rest() {
    idleRounds += 1
    if idleRounds == Self.roundsBeforeFlush {
      attempt { writer throws(CaptureError) in try writer.flush() }
    }
    usleep(Self.idleMicroseconds)
  }

  /// Keeps the first error; from then on the ring is emptied without writing.
  private func attempt(_ work: (CaptureWriter) throws(CaptureError) -> Void) {
    if failure.withLock({ $0 != nil }) { return }
    do throws(CaptureError) { try work(writer) } catch {
      // Before the failure can be seen: who has seen it records nothing more.
      shared.pointee.isBroken.store(true, ordering: .relaxed)
      failure.withLock { $0 = (error, writer.inFile.packets) }
    }
  }
}
