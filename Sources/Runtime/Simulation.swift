// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
import DPDK
import Pipeline
import Telemetry
import Wire

/// Runs the pipelines of a file in a world of their own, in virtual time: hosts that write over
/// RDMA, and cables between ports.
public final class Simulation {
  private let plan: NICPlan
  private let simulated: SimulationPlan
  private let reasons = DropReasons()
  private let pool: PacketPool
  private let set: PipelineSet
  private let board: TelemetryBoard
  private let export: TelemetryExport
  private let traffic: SimulatedTraffic
  private let cables: SimulatedCables
  private var record: SimulationRecord
  /// Over when hosts send no more, though packets are still under way.
  private var isRecording = true
  private var now = Simulation.start
  private var poolRanDry = false
  /// Called now and then with the packets so far.
  public var progress: ((UInt64) -> Void)?
  private var packets: UInt64 = 0

  /// Virtual time begins here, in nanoseconds.
  static let start: UInt64 = 1_000_000_000
  /// Packets in memory: those under way on cables, beside what stages keep.
  private static let packets = 16384
  /// Data has its headers only.
  private static let dataRoom = 1024

  public convenience init(_ plan: NICPlan) throws(RuntimeError) {
    try self.init(plan, start: EAL.start)
  }

  /// - Parameter start: DPDK starts once in a process, which several runs may have to share.
  init(
    _ plan: NICPlan, start: (EALOptions) throws(DPDKError) -> EAL
  ) throws(RuntimeError) {
    guard let simulated = plan.simulation else {
      throw .usage([
        .init(
          .error, at: plan.file.location, "the file does not say what to simulate",
          fix: "add 'simulation:' with 'traffic' and 'cables'")
      ])
    }
    guard simulated.problems.isEmpty else { throw .usage(simulated.problems) }
    try plan.refuseConflicts(among: plan.stageFiles(workers: 1) + plan.telemetryUses)
    self.plan = plan
    self.simulated = simulated
    pool = try plan.makeVirtualPool(
      "simulation", packets: Self.packets, dataRoom: Self.dataRoom, start: start)
    traffic = SimulatedTraffic(simulated.traffic, from: Self.start)
    cables = SimulatedCables(traffic)
    let context = StageContext(
      mode: .replay, worker: 0, workers: 1, seed: plan.seed, pool: pool.handle, reasons: reasons,
      ports: plan.portIndices, pipelines: plan.pipelineIndices)
    let outputs = Self.outputs(plan, simulated, cables)
    export = try TelemetryExport(plan, isLive: false)
    board = context.telemetryBoard
    board.demand = export.demand
    set = try plan.makeSet(context, outputs: outputs, drops: SimulatedLoss(traffic))
    record = SimulationRecord(plan, simulated)
  }

  private static func outputs(
    _ plan: NICPlan, _ simulated: SimulationPlan, _ cables: SimulatedCables
  ) -> [Output] {
    var outputs: [Output] = plan.ports.map { _ in HostOutput(cables.traffic) }
    for cable in simulated.cables {
      for (end, other) in [(cable.ends[0], cable.ends[1]), (cable.ends[1], cable.ends[0])] {
        outputs[Int(end.value)] = CableOutput(
          cables, direction: cables.addDirection(), to: other, delay: cable.delay)
      }
    }
    return outputs
  }

  /// Simulates to the end of its time, or until a signal.
  public func run() -> (report: Report, record: SimulationRecord) {
    let start = WallClock.nanoseconds
    var burst = set.makeBurst()
    burst.recordsSenders = true
    let end = Self.start + simulated.settings[SimulationSettings.time]
    while !StopSignal.isRaised, step(&burst, until: end) {}
    let reached = StopSignal.isRaised ? now : end
    record.sample(until: reached, traffic, cables, set)
    isRecording = false
    traffic.end()
    // What is under way arrives, and nobody answers any more.
    while step(&burst, until: .max - 1) { traffic.end() }
    return (finish(at: reached, after: WallClock.seconds(since: start)), record)
  }

  /// Lets the next thing happen; false when there is none by `end`.
  private func step(_ burst: inout Burst, until end: UInt64) -> Bool {
    let (held, arriving) = (set.nextRelease, cables.next)
    let posting = traffic.hasAnswers ? now : traffic.next
    let next = min(held, arriving, posting)
    guard next <= end else { return false }
    if isRecording { record.sample(until: next, traffic, cables, set) }
    now = max(now, next)
    if held <= now {
      set.release(&burst, until: now)
    } else if let arrival = cables.take(until: now) {
      run(arrival.packet, wireLength: arrival.wireLength, at: arrival.port, &burst)
    } else if let post = traffic.post(until: now) {
      send(post, &burst)
    }
    return true
  }

  private func send(_ post: SimulatedTraffic.Post, _ burst: inout Burst) {
    guard let packet = cdpdk_fill(pool.handle, post.bytes, UInt32(post.bytes.count)) else {
      poolRanDry = true
      return
    }
    if let queuePair = post.queuePair { traffic.follow(packet, of: queuePair) }
    run(packet, wireLength: UInt32(post.wireLength), at: post.port, &burst)
  }

  private func run(
    _ packet: Packet, wireLength: UInt32, at port: PortIndex, _ burst: inout Burst
  ) {
    guard let entry = plan.ports[Int(port.value)].entry else {
      // A port that is nobody's input.
      traffic.leave(packet, bytes: nil)
      packet.free()
      return
    }
    burst.place(packet, at: 0, nanoseconds: now, wireLength: wireLength)
    burst.begin(placed: 1, from: port, link: .ethernet)
    set.run(&burst, from: entry)
    packets += 1
    if packets & 0xffff == 0 { progress?(packets) }
  }

  /// - Parameter reached: the virtual time up to which hosts sent.
  private func finish(at reached: UInt64, after seconds: Double) -> Report {
    set.finish()
    var report = Report(
      command: "simulate", file: plan.path, seconds: seconds, memory: "ordinary memory", workers: 1,
      pool: .init(packets: pool.capacity, missing: pool.capacity - pool.available))
    report.interrupted = StopSignal.isRaised
    report.captureSeconds = Double(reached - Self.start) / 1e9
    report.gather([set], plan: plan, reasons: reasons)
    report.problems += set.problems().compactMap { $0 }
    if poolRanDry {
      report.problems.append(
        "the pool of \(pool.capacity) buffers ran dry: raise `packets:` of the file")
    }
    report.simulation = record.summary
    report.problems += export.finish(export.snapshot(report, at: reached, [board]))
    report.checkBalance()
    return report
  }
}
