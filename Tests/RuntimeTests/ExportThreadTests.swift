// SPDX-License-Identifier: BSD-3-Clause
import Exporters
import Glibc
import Synchronization
import Telemetry
import Testing

@testable import Runtime

/// Snapshots, and those that they are handed to on a thread of their own.
@Suite struct ExportThreadTests {
  /// Numbers its snapshots by their time.
  final class Counted: Sendable {
    let taken = Atomic<UInt64>(0)

    func take() -> NICSnapshot {
      let number = taken.add(1, ordering: .relaxed).newValue
      return NICSnapshot(file: "test.yaml", nanoseconds: number, uptime: 0, workers: 1)
    }
  }

  final class Recorder: Exporter {
    let name = "recorder"
    let interval: UInt64
    let seen = Mutex<[UInt64]>([])
    let thread = Mutex<pthread_t?>(nil)

    init(interval: UInt64) { self.interval = interval }

    var problem: String? { seen.withLock { $0.isEmpty ? nil : "recorder: full" } }

    func export(_ snapshot: NICSnapshot) {
      seen.withLock { $0.append(snapshot.nanoseconds) }
      thread.withLock { $0 = pthread_self() }
    }

    func finish(_ snapshot: NICSnapshot) {}
  }

  let counted = Counted()
  var source: SnapshotSource { SnapshotSource(counted.take) }

  /// Looks again and again, for as long as a slow machine may take.
  func becomes(_ condition: () -> Bool) -> Bool {
    for _ in 0..<6000 where !condition() { usleep(5000) }
    return condition()
  }

  @Test func whoeverAsksTooOftenGetsTheSnapshotThatIsThere() {
    let source = source
    let first = source.fresh().nanoseconds
    // However slow the machine: most of so many are asked for within the quarter of a second.
    let answers = (0..<1000).map { _ in source.recent().nanoseconds }
    #expect(answers[0] >= first)
    #expect(Set(answers).count < 1000)
    #expect(answers == answers.sorted())
  }

  @Test func aFreshSnapshotIsTheNextOnesToo() {
    let source = source
    let numbers = (0..<5).map { _ in source.fresh().nanoseconds }
    #expect(numbers == [1, 2, 3, 4, 5])
    #expect(source.recent().nanoseconds >= 5)
  }

  @Test func exportersGetSnapshotsInTheirIntervalsOnAThreadOfTheirOwn() throws {
    let fast = Recorder(interval: 1_000_000)
    let slow = Recorder(interval: 3_600_000_000_000)
    let thread = ExportThread([fast, slow], source)
    try thread.start()
    #expect(becomes { fast.seen.withLock { $0.count } >= 5 })
    thread.stop()
    let seen = fast.seen.withLock { $0 }
    #expect(seen == Array(1...UInt64(seen.count)))
    #expect(slow.seen.withLock { $0 } == [])
    #expect(fast.thread.withLock { $0 } != pthread_self())
    #expect(counted.taken.load(ordering: .relaxed) == UInt64(seen.count))
  }

  @Test func problemsAreSeenWhileTheThreadGoesOn() throws {
    let thread = ExportThread([Recorder(interval: 1_000_000)], source)
    #expect(thread.problems == [])
    try thread.start()
    #expect(becomes { thread.problems == ["recorder: full"] })
    thread.stop()
  }

  @Test func aThreadThatWaitsForHoursEndsAtOnce() throws {
    let recorder = Recorder(interval: 3_600_000_000_000)
    let thread = ExportThread([recorder], source)
    try thread.start()
    thread.stop()
    thread.stop()
    #expect(recorder.seen.withLock { $0 } == [])
  }
}
