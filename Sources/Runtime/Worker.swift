// SPDX-License-Identifier: BSD-3-Clause
import DPDK
import Glibc
import Pipeline
import Synchronization

/// A receive queue of a port that a worker polls, and the pipeline that its packets enter.
struct PolledQueue {
  let port: UInt16
  let queue: UInt16
  let index: PortIndex
  let entry: PipelineIndex
}

/// How far a run is on its way to its end. Workers read it every few hundred rounds.
final class RunPhase: Sendable {
  enum Step: Int {
    case polling
    /// No worker touches a port: the control thread changes one.
    case paused
    /// Ports are no longer polled; packets on their way between workers still arrive.
    case draining
    case ended
  }

  private let step = Atomic<Int>(Step.polling.rawValue)

  var current: Step { Step(rawValue: step.load(ordering: .acquiring)) ?? .ended }

  func advance(to next: Step) { step.store(next.rawValue, ordering: .releasing) }
}

/// One core's share of a running NIC: the queues it polls, its pipelines, and what it sends for
/// others. All of it belongs to the worker's thread from `run` on; the control side reads counters.
final class Worker: @unchecked Sendable {
  // Plain memory: iterating over an array would count references in every round.
  private let queues: UnsafeMutableBufferPointer<PolledQueue>
  private let handovers: UnsafeMutableBufferPointer<Unmanaged<Handover>>
  private let ownedHandovers: [Handover]
  private let set: PipelineSet
  private let clock: Clock
  private let phase: RunPhase
  private let sleeps: Bool
  /// Whether stages may keep packets.
  private let holds: Bool
  /// Whether the worker has seen that polling is over.
  let hasDrained = Atomic<Bool>(false)
  /// Whether the worker has seen that it shall pause.
  let isResting = Atomic<Bool>(false)
  /// The processor time that polling took; read it once the worker has drained.
  private(set) var pollingNanoseconds: UInt64 = 0

  /// Rounds between two looks at the phase.
  private static let roundsPerCheck = 256

  init(
    queues: [PolledQueue], handovers: [Handover], set: PipelineSet, clock: Clock,
    phase: RunPhase, sleeps: Bool
  ) {
    self.queues = .allocate(capacity: queues.count)
    _ = self.queues.initialize(from: queues)
    self.handovers = .allocate(capacity: handovers.count)
    _ = self.handovers.initialize(from: handovers.map { .passUnretained($0) })
    ownedHandovers = handovers
    self.set = set
    self.clock = clock
    self.phase = phase
    self.sleeps = sleeps
    holds = set.holds
  }

  deinit {
    queues.deallocate()
    handovers.deallocate()
  }

  /// Polls until the phase says that it is over. Runs on the worker's own thread.
  func run() {
    var burst = set.makeBurst()
    var idle = Idleness(sleeps: sleeps)
    let start = Clock.threadNanoseconds
    while true {
      let step = phase.current
      if step == .paused {
        rest()
        continue
      }
      guard step == .polling else { break }
      for _ in 0..<Self.roundsPerCheck {
        let received = round(&burst) &+ passOn() &+ (holds ? release(&burst) : 0)
        if received == 0 { idle.pause() } else { idle.reset() }
        if idle.isLong { break }
      }
    }
    pollingNanoseconds = Clock.threadNanoseconds &- start
    releaseAll(&burst)
    drain()
  }

  @inline(never)
  private func rest() {
    isResting.store(true, ordering: .releasing)
    while phase.current == .paused { WallClock.sleep(nanoseconds: 50_000) }
    isResting.store(false, ordering: .releasing)
  }

  /// Polls every queue once and takes what came through the pipelines.
  private func round(_ burst: inout Burst) -> Int {
    var total = 0
    for queue in queues {
      let count = burst.receive(port: queue.port, queue: queue.queue)
      guard count > 0 else { continue }
      let cycles = Clock.cycles
      burst.begin(
        received: count, from: queue.index, cycles: cycles,
        nanoseconds: clock.timeOfDay(atCycles: cycles))
      set.run(&burst, from: queue.entry)
      total &+= count
    }
    return total
  }

  /// Sends what other workers handed over.
  private func passOn() -> Int {
    var total = 0
    for handover in handovers {
      total &+= handover._withUnsafeGuaranteedRef { $0.passOn() }
    }
    return total
  }

  /// Lets stages go on with what is due. What is due soon counts as well, so that nobody sleeps.
  private func release(_ burst: inout Burst) -> Int {
    let next = set.nextRelease
    guard next < .max else { return 0 }
    let now = clock.timeOfDay(atCycles: Clock.cycles)
    if next <= now { set.release(&burst, until: now) }
    return next < now &+ Self.soon ? 1 : 0
  }

  /// Lets go all that stages keep: for a while on time, then at once.
  private func releaseAll(_ burst: inout Burst) {
    guard holds else { return }
    let end = WallClock.nanoseconds + Self.patience
    while set.nextRelease < .max && WallClock.nanoseconds < end { _ = release(&burst) }
    while set.nextRelease < .max { set.release(&burst, until: set.nextRelease) }
  }

  /// Longer than the longest sleep of an idle worker.
  private static let soon: UInt64 = 2_000_000
  /// So long a run's end waits for what is due.
  private static let patience: UInt64 = 200_000_000

  private func drain() {
    hasDrained.store(true, ordering: .releasing)
    while phase.current == .draining { _ = passOn() }
    while passOn() > 0 {}
  }
}

/// How long a worker has found nothing, and what it does about it.
private struct Idleness {
  private let sleeps: Bool
  private var rounds = 0

  /// About 50 us of polling before the first sleep.
  private static let patience = 1024
  /// After so many short sleeps, longer ones: 50 us, then 1 ms.
  private static let shortSleeps = 2048

  init(sleeps: Bool) { self.sleeps = sleeps }

  /// Whether the worker sleeps at all: then it looks at the phase every round.
  var isLong: Bool { sleeps && rounds > Self.patience }

  mutating func reset() { rounds = 0 }

  mutating func pause() {
    guard sleeps else { return }
    rounds &+= 1
    guard rounds > Self.patience else { return }
    let isShort = rounds < Self.patience + Self.shortSleeps
    var time = timespec(tv_sec: 0, tv_nsec: isShort ? 50_000 : 1_000_000)
    nanosleep(&time, nil)
    if !isShort { rounds = Self.patience + Self.shortSleeps }
  }
}
