// SPDX-License-Identifier: BSD-3-Clause
import Configuration
import DPDK
import Pipeline
import Telemetry

/// When a live run ends by itself.
public struct LiveOptions: Sendable {
  public var seconds: Double?
  public var packetLimit: UInt64?
  /// So that several can run side by side and be told apart; unique by itself.
  public var filePrefix: String?

  public init() {}
}

/// A running NIC: ports polled by workers, each with its own copy of the pipelines.
public final class Live {
  private let plan: NICPlan
  private let options: LiveOptions
  private let reasons = DropReasons()
  private let eal: EAL
  /// The core of each worker.
  private let cores: [Int]
  private let pools: [PacketPool]
  private let captures: LiveCaptures
  private let export: TelemetryExport
  private let phase = RunPhase()
  private lazy var ports = LivePorts(
    plan, options, pools: pools, captures: captures
  ) { [weak self] in self?.tell?($0) }
  private var layout: WorkerLayout?
  private var sets: [PipelineSet] = []
  private var boards: [TelemetryBoard] = []
  private var workers: [Worker] = []
  private var launched = 0
  private var began: UInt64?
  private lazy var snapshots = SnapshotSource { [unowned self] in snapshot() }
  private var toldProblems: Set<String> = []
  /// Called when the run is up, and with what goes wrong while it goes on.
  public var tell: ((String) -> Void)?

  public convenience init(_ plan: NICPlan, _ options: LiveOptions) throws(RuntimeError) {
    try self.init(plan, options, start: EAL.start)
  }

  /// - Parameter start: DPDK starts once in a process, which several runs may have to share.
  init(
    _ plan: NICPlan, _ options: LiveOptions, start: (EALOptions) throws(DPDKError) -> EAL
  ) throws(RuntimeError) {
    self.plan = plan
    self.options = options
    let faults = plan.deviceProblems() + plan.machineProblems() + plan.telemetryProblems()
    guard faults.isEmpty else { throw .usage(faults) }
    cores = try plan.chooseCores()
    try plan.refuseConflicts(among: plan.liveFiles(workers: cores.count))
    captures = try LiveCaptures(plan)
    export = try TelemetryExport(plan, isLive: true)
    do throws(DPDKError) {
      for port in plan.ports { try port.parsedDevice().checkCard(of: port.name) }
      eal = try start(.forRun(of: plan, cores: cores, options))
      pools = try plan.makePools(workers: cores.count)
    } catch {
      throw .failed("\(error)")
    }
  }

  /// Runs until a signal, the time or the packet limit ends it.
  public func run() throws(RuntimeError) -> Report {
    do throws(DPDKError) {
      guard try ports.open(workers: cores.count) else { return finish(after: 0) }
      layout = try WorkerLayout(plan, ports: ports.all, workers: cores.count)
    } catch {
      throw .failed("\(error)")
    }
    try makeWorkers()
    let start = WallClock.nanoseconds
    began = start
    try Cores.avoiding(cores) { () throws(RuntimeError) in try export.start(snapshots) }
    do throws(DPDKError) {
      try ports.start()
      for (index, worker) in workers.enumerated() {
        try eal.workers[index].launch { worker.run() }
        launched += 1
      }
    } catch {
      export.stop()
      stopWorkers()
      throw .failed("\(error)")
    }
    export.places.forEach { tell?("telemetry is at \($0)") }
    if plan.allowsCapture {
      tell?("packets can be captured with: dpdk-dumpcap --file-prefix=\(EAL.filePrefix)")
    }
    tell?("running on \(layoutText), \(eal.memory); Ctrl-C ends it")
    ports.tellWhatIsAwaited()
    watch(since: ports.waitStart ?? start)
    export.stop()
    stopWorkers()
    return finish(after: WallClock.seconds(since: start))
  }

  private func makeWorkers() throws(RuntimeError) {
    guard let layout else { return }
    let sleeps = plan.file.engine[EngineSettings.poll] == .adaptive
    for worker in cores.indices {
      let context = StageContext(
        mode: .live, worker: worker, workers: cores.count, seed: plan.seed,
        pool: pools[0].handle, reasons: reasons, ports: plan.portIndices,
        pipelines: plan.pipelineIndices)
      let set = try plan.makeSet(context, outputs: layout.outputs[worker])
      sets.append(set)
      context.telemetryBoard.demand = export.demand
      boards.append(context.telemetryBoard)
      workers.append(
        Worker(
          queues: layout.queues[worker], handovers: layout.handovers[worker], set: set,
          clock: eal.clock, phase: phase, sleeps: sleeps))
    }
  }

  private var layoutText: String {
    (cores.count == 1 ? "core " : "cores ") + cores.map(String.init).joined(separator: ", ")
  }

  /// Waits for the end, a tenth of a second at a time.
  private func watch(since start: UInt64) {
    while !StopSignal.isRaised {
      let elapsed = WallClock.seconds(since: start)
      if let limit = options.seconds, elapsed >= limit { return }
      if let limit = options.packetLimit, receivedSoFar >= limit { return }
      let problems =
        sets.flatMap { $0.problems() }.compactMap { $0 } + captures.problems(ports.statistics)
        + export.problems
      for problem in problems where toldProblems.insert(problem).inserted { tell?(problem) }
      snapshots.excluded { ports.connect(pausing: pausing) }
      let left = options.seconds.map { min(0.1, max($0 - elapsed, 0.001)) } ?? 0.1
      WallClock.sleep(nanoseconds: UInt64(left * 1e9))
    }
  }

  private func pausing(_ body: () -> Void) {
    phase.advance(to: .paused)
    waitForWorkers { $0.isResting.load(ordering: .acquiring) }
    body()
    phase.advance(to: .polling)
    waitForWorkers { !$0.isResting.load(ordering: .acquiring) }
  }

  private func waitForWorkers(until condition: (Worker) -> Bool) {
    while !workers.prefix(launched).allSatisfy(condition) {
      WallClock.sleep(nanoseconds: 500_000)
    }
  }

  private var receivedSoFar: UInt64 {
    sets.reduce(0) { total, set in
      total + set.portCounters.values.reduce(0) { $0 + $1.receivedPackets }
    }
  }

  /// Ends polling, then lets what is on its way between workers arrive, then ends the workers.
  private func stopWorkers() {
    phase.advance(to: .draining)
    waitForWorkers { $0.hasDrained.load(ordering: .acquiring) }
    phase.advance(to: .ended)
    eal.workers.forEach { $0.wait() }
  }

  /// What was counted so far, and nothing that is only known at the end.
  private func counted(after seconds: Double) -> Report {
    var report = Report(
      command: "run", file: plan.path, seconds: seconds, memory: eal.memory,
      workers: cores.count, pool: .init(packets: 0, missing: 0))
    report.gatherCounters(sets, plan: plan, reasons: reasons)
    ports.report(in: &report)
    let handovers = (layout?.handovers ?? []).joined()
    report.addUnsent(
      handovers.map { .init(port: $0.index, $0.unsent.pointer.pointee) }, reasons)
    return report
  }

  private func snapshot() -> NICSnapshot {
    let seconds = began.map { WallClock.seconds(since: $0) } ?? 0
    return export.snapshot(counted(after: seconds), at: WallClock.sinceEpoch, boards)
  }

  private func finish(after seconds: Double) -> Report {
    sets.forEach { $0.finish() }
    var report = counted(after: seconds)
    report.gatherNotes(sets, plan)
    report.interrupted = StopSignal.isRaised
    report.polling = Report.Polling(
      tscHertz: eal.clock.frequency, nanosecondsByWorker: workers.map(\.pollingNanoseconds))
    report.problems += sets.flatMap { $0.problems() }.compactMap { $0 }
    report.notes += (layout?.idleWorkers ?? []).map {
      "worker \($0) had no receive queue to poll: give a port more `queues:`, or use fewer workers"
    }
    let sent = ports.statistics
    ports.close()
    captures.finish(sent, in: &report, reasons)
    report.problems += export.finish(export.snapshot(report, at: WallClock.sinceEpoch, boards))
    layout?.freeRings()
    for pool in pools {
      report.pool.packets += pool.capacity
      report.pool.missing += pool.capacity - pool.available
    }
    report.checkBalance()
    return report
  }
}
