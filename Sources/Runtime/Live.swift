// SPDX-License-Identifier: BSD-3-Clause
import Configuration
import DPDK
import Pipeline

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
  private let ports: [Port]
  private let pools: [PacketPool]
  private let layout: WorkerLayout
  private let phase = RunPhase()
  private var sets: [PipelineSet] = []
  private var workers: [Worker] = []
  private var launched = 0
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
    let cores = try Self.chooseCores(plan)
    do throws(DPDKError) {
      eal = try start(.forRun(of: plan, cores: cores, options))
      pools = try plan.makePools(workers: cores.count)
      ports = try plan.openPorts(workers: cores.count, pools: pools)
      layout = try WorkerLayout(plan, ports: ports, workers: cores.count)
    } catch {
      throw .failed("\(error)")
    }
    for worker in 0..<cores.count {
      let context = StageContext(
        mode: .live, worker: worker, workers: cores.count, seed: plan.seed,
        pool: pools[0].handle, reasons: reasons, ports: plan.portIndices,
        pipelines: plan.pipelineIndices)
      sets.append(try plan.makeSet(context, outputs: layout.outputs[worker]))
    }
    let sleeps = plan.file.engine[EngineSettings.poll] == .adaptive
    for worker in 0..<cores.count {
      workers.append(
        Worker(
          queues: layout.queues[worker], handovers: layout.handovers[worker], set: sets[worker],
          clock: eal.clock, phase: phase, sleeps: sleeps))
    }
  }

  /// The cores that the file asks for, or the first ones there are.
  private static func chooseCores(_ plan: NICPlan) throws(RuntimeError) -> [Int] {
    let wanted = plan.file.engine[EngineSettings.workers]
    let available = Cores.available
    if let cores = plan.file.engine[EngineSettings.cores] {
      guard !cores.isEmpty else {
        throw .usage([
          plan.diagnostic(
            EngineSettings.cores, "no core is named", fix: "name one, or leave `cores:` out")
        ])
      }
      if plan.file.engine.isGiven(EngineSettings.workers) && cores.count != wanted {
        throw .usage([
          plan.diagnostic(
            EngineSettings.cores, "\(cores.count) cores are named for \(wanted) workers",
            fix: "name one core for each worker")
        ])
      }
      return cores
    }
    guard wanted <= available.count else {
      throw .usage([
        plan.diagnostic(
          EngineSettings.workers,
          "\(wanted) workers need \(wanted) cores, and this process may use \(available.count)",
          fix: "ask for at most \(available.count), or list a core twice in `cores:`")
      ])
    }
    return Array(available.prefix(wanted))
  }

  /// Runs until a signal, the time or the packet limit ends it.
  public func run() throws(RuntimeError) -> Report {
    let start = WallClock.nanoseconds
    do throws(DPDKError) {
      for port in ports { try port.start() }
      for (index, worker) in workers.enumerated() {
        try eal.workers[index].launch { worker.run() }
        launched += 1
      }
    } catch {
      stopWorkers()
      throw .failed("\(error)")
    }
    tell?("running on \(layoutText), \(eal.memory); Ctrl-C ends it")
    watch(since: start)
    stopWorkers()
    let seconds = WallClock.seconds(since: start)
    return finish(after: seconds)
  }

  private var layoutText: String {
    let cores = eal.workers.map { "\($0.core)" }.joined(separator: ", ")
    return eal.workers.count == 1 ? "core \(cores)" : "cores \(cores)"
  }

  /// Waits for the end, a tenth of a second at a time.
  private func watch(since start: UInt64) {
    while !StopSignal.isRaised {
      let elapsed = WallClock.seconds(since: start)
      if let limit = options.seconds, elapsed >= limit { return }
      if let limit = options.packetLimit, receivedSoFar >= limit { return }
      for problem in sets.flatMap({ $0.problems() }).compactMap({ $0 })
      where toldProblems.insert(problem).inserted {
        tell?(problem)
      }
      let left = options.seconds.map { min(0.1, max($0 - elapsed, 0.001)) } ?? 0.1
      WallClock.sleep(nanoseconds: UInt64(left * 1e9))
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
    while workers.prefix(launched).contains(where: { !$0.hasDrained.load(ordering: .acquiring) }) {
      WallClock.sleep(nanoseconds: 500_000)
    }
    phase.advance(to: .ended)
    eal.workers.forEach { $0.wait() }
  }

  private func finish(after seconds: Double) -> Report {
    sets.forEach { $0.finish() }
    var report = Report(
      command: "run", file: plan.path, seconds: seconds, memory: eal.memory,
      workers: workers.count, pool: .init(packets: 0, missing: 0))
    report.interrupted = StopSignal.isRaised
    report.polling = Report.Polling(
      tscHertz: eal.clock.frequency, nanosecondsByWorker: workers.map(\.pollingNanoseconds))
    report.gather(sets, plan: plan, reasons: reasons)
    report.addUnsent(
      layout.handovers.joined().map { ($0.index, $0.unsent.pointer.pointee) }, reasons)
    for (index, port) in ports.enumerated() {
      report.ports[index].driver = Report.DriverCounts(port.statistics)
      report.ports[index].link = port.link.text
      report.notes += port.remarks.map { "port \(port.name): \($0)" }
    }
    report.problems += sets.flatMap { $0.problems() }.compactMap { $0 }
    report.notes += layout.idleWorkers.map {
      "worker \($0) had no receive queue to poll: give a port more `queues:`, or use fewer workers"
    }
    ports.forEach { $0.close() }
    layout.freeRings()
    for pool in pools {
      report.pool.packets += pool.capacity
      report.pool.missing += pool.capacity - pool.available
    }
    report.checkBalance()
    return report
  }
}
