// SPDX-License-Identifier: BSD-3-Clause
import Capture
import Exporters
import Glibc
import Synchronization

/// The thread on which exporters work while workers poll, one after the other.
final class ExportThread: @unchecked Sendable {
  /// The thread's own until it has been joined.
  private let exporters: [any Exporter]
  private let snapshots: SnapshotSource
  private let told = Mutex<[String]>([])
  private let end = EndSignal()
  private var thread: QuietThread?

  init(_ exporters: [any Exporter], _ snapshots: SnapshotSource) {
    self.exporters = exporters
    self.snapshots = snapshots
  }

  /// What is wrong with exporters, for other threads.
  var problems: [String] { told.withLock { $0 } }

  func start() throws(RuntimeError) {
    do throws(QuietThread.Failure) {
      thread = try QuietThread { self.run() }
    } catch {
      let cause = String(cString: strerror(error.code))
      throw .failed("cannot start the thread of exporters: \(cause)")
    }
  }

  /// Ends the thread; what an exporter is at is done first.
  func stop() {
    guard let thread else { return }
    end.raise()
    thread.join()
    self.thread = nil
  }

  private func run() {
    let start = WallClock.nanoseconds
    var due = exporters.map { start + $0.interval }
    while let next = due.min(), !end.wait(until: next) {
      let snapshot = snapshots.fresh()
      let now = WallClock.nanoseconds
      for (index, exporter) in exporters.enumerated() where due[index] <= now {
        exporter.export(snapshot)
        // What took too long is not made up for.
        due[index] = max(due[index] + exporter.interval, now)
      }
      told.withLock { $0 = exporters.compactMap(\.problem) }
    }
  }
}

/// Something that one thread raises and another waits for.
private final class EndSignal: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var isRaised = false

  init() {
    pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(condition, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  func raise() {
    pthread_mutex_lock(mutex)
    isRaised = true
    pthread_cond_signal(condition)
    pthread_mutex_unlock(mutex)
  }

  /// Waits until a time of `WallClock`, and tells whether the signal was raised.
  func wait(until nanoseconds: UInt64) -> Bool {
    var time = timespec(
      tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while !isRaised {
      if pthread_cond_timedwait(condition, mutex, &time) == ETIMEDOUT { break }
    }
    return isRaised
  }
}
