// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
import Capture
import Configuration
import DPDK
import Pipeline
import Presentation
import Telemetry
import Wire

/// Runs captures through the pipelines in virtual time: every run gives the same bytes, counters
/// and drop reasons.
public final class Replay {
  private let plan: NICPlan
  private let options: ReplayOptions
  private let reasons = DropReasons()
  private let pool: PacketPool
  private let set: PipelineSet
  /// Where what `roce-telemetry` measures is found.
  let board: TelemetryBoard
  private let outputs: ReplayOutputs
  private let export: TelemetryExport
  private var source: ReplaySource
  private var pacer: Pacer
  private var received: UInt64 = 0
  /// The latest time so far, before which nothing may come where stages keep packets.
  private var now: UInt64 = 0
  private var backInTime: UInt64 = 0
  private var poolRanDry = false
  /// Called now and then with the packets read so far.
  public var progress: ((UInt64) -> Void)?

  /// A replay holds one burst at a time and what its stages keep; this leaves ample room.
  private static let packets = 2048
  /// Packets up to jumbo size lie in one buffer.
  private static let dataRoom = 9728

  public convenience init(_ plan: NICPlan, _ options: ReplayOptions) throws(RuntimeError) {
    try self.init(plan, options, start: EAL.start)
  }

  /// - Parameter start: DPDK starts once in a process, which several runs may have to share.
  init(
    _ plan: NICPlan, _ options: ReplayOptions, start: (EALOptions) throws(DPDKError) -> EAL
  ) throws(RuntimeError) {
    self.plan = plan
    self.options = try options.completed(for: plan)
    pacer = Pacer(options.pace)
    source = try ReplaySource(plan, self.options)
    pool = try plan.makeVirtualPool(
      "replay", packets: Self.packets, dataRoom: Self.dataRoom, start: start)
    outputs = try ReplayOutputs(plan, self.options, reasons)
    export = try TelemetryExport(plan, isLive: false)
    let context = StageContext(
      mode: .replay, worker: 0, workers: 1, seed: plan.seed, pool: pool.handle, reasons: reasons,
      ports: plan.portIndices, pipelines: plan.pipelineIndices)
    board = context.telemetryBoard
    board.demand = export.demand
    set = try plan.makeSet(context, outputs: outputs.outputs, drops: outputs.dropRecord)
  }

  /// Whether a capture goes to standard output, which then has no room for anything else.
  public var writesToStandardOutput: Bool {
    options.drops == "-" || options.outputs.values.contains("-")
  }

  /// What stood for a port: the captures it was read from and the one it was written to.
  private func captures(of place: Int) -> String {
    let port = plan.ports[place]
    let inputs = options.inputs[port.name].map { "from " + $0.joined(separator: ", ") }
    let output =
      port.isOutput ? options.outputs[port.name].map { "to \($0)" } ?? "discarded" : nil
    return [inputs, output].compactMap { $0 }.joined(separator: ", ")
  }

  /// Replays to the end of the captures, to the packet limit, or until a signal.
  public func run() -> Report {
    let start = WallClock.nanoseconds
    var burst = set.makeBurst()
    burst.recordsSenders = true
    replay(&burst)
    let seconds = WallClock.seconds(since: start)
    return finish(after: seconds)
  }

  private func replay(_ burst: inout Burst) {
    var filling = Filling()
    while !StopSignal.isRaised, received < options.packetLimit ?? .max,
      let (packet, port) = source.next()
    {
      let time = arrival(of: packet)
      if !filling.takes(packet, time, at: port, within: reach) {
        run(&burst, &filling)
        release(&burst, until: time)
      }
      guard let buffer = packet.copied(into: pool) else {
        poolRanDry = true
        break
      }
      burst.place(
        buffer, at: filling.count, nanoseconds: time, wireLength: packet.originalLength)
      filling.add(packet, time, at: port)
      received += 1
      // A paced replay has the time; a fast one looks at the clock only now and then.
      if received & 0xFFFF == 0 || options.pace != .maximum { progress?(received) }
    }
    run(&burst, &filling)
    release(&burst, until: .max - 1)
  }

  /// How many nanoseconds the packets of a burst may lie apart. What stages keep may be due between
  /// any two packets, so that in such a run a burst is of one instant.
  private var reach: UInt64 {
    if set.holds { return 0 }
    return options.pace == .maximum ? .max : Pace.burstNanoseconds
  }

  /// When the packet comes, by its capture; but stages that keep packets see time go forward only.
  private func arrival(of packet: CapturedPacket) -> UInt64 {
    guard set.holds else { return packet.nanoseconds }
    if packet.nanoseconds < now { backInTime += 1 }
    now = max(now, packet.nanoseconds)
    return now
  }

  /// Lets stages go on with what they keep, one instant after the other.
  private func release(_ burst: inout Burst, until end: UInt64) {
    guard set.holds else { return }
    while set.nextRelease <= end { set.release(&burst, until: set.nextRelease) }
  }

  private func run(_ burst: inout Burst, _ filling: inout Filling) {
    guard filling.count > 0, let entry = plan.ports[Int(filling.port.value)].entry else { return }
    pacer.wait(for: filling.count, capturedAt: filling.first)
    burst.begin(placed: filling.count, from: filling.port, link: filling.link)
    set.run(&burst, from: entry)
    filling = Filling()
  }

  private func finish(after seconds: Double) -> Report {
    set.finish()
    var report = Report(
      command: "replay", file: plan.path, seconds: seconds, memory: "ordinary memory", workers: 1,
      pool: .init(packets: pool.capacity, missing: pool.capacity - pool.available))
    report.interrupted = StopSignal.isRaised
    report.captureSeconds = source.firstNanoseconds.map {
      Double(source.lastNanoseconds - $0) / 1e9
    }
    report.gather([set], plan: plan, reasons: reasons)
    for place in report.ports.indices { report.ports[place].device = captures(of: place) }
    report.problems += source.failures.map { "\($0)" }
    report.problems += set.problems().compactMap { $0 }
    if poolRanDry { report.problems.append("the pool of \(pool.capacity) buffers ran dry") }
    outputs.finish(in: &report, reasons)
    report.pacing = pacer.report
    report.notes += source.notes + options.notes(for: plan)
    if backInTime > 0 {
      report.notes.append(
        "\(Figure.counted(Int(backInTime), "packet")) with a time before that of an earlier one"
          + " came with it instead: stages that keep packets see time go forward")
    }
    if report.totals.received == 0, source.isAtEnd {
      report.notes.append("the captures hold no packets")
    }
    report.problems += export.finish(
      export.snapshot(report, at: source.lastNanoseconds, [board]))
    report.checkBalance()
    return report
  }
}

/// What the burst that is being put together holds so far.
private struct Filling {
  var count = 0
  var port = PortIndex(0)
  var link = LinkType.ethernet
  var first: UInt64 = 0

  /// Whether the packet may join: bursts keep the order between ports, and one link type.
  func takes(
    _ packet: CapturedPacket, _ time: UInt64, at port: PortIndex, within reach: UInt64
  ) -> Bool {
    if count == 0 { return true }
    guard count < Burst.capacity, port == self.port, packet.linkType == link else { return false }
    return time &- first <= reach
  }

  mutating func add(_ packet: CapturedPacket, _ time: UInt64, at port: PortIndex) {
    if count == 0 {
      self.port = port
      link = packet.linkType
      first = time
    }
    count += 1
  }
}

extension CapturedPacket {
  /// A packet buffer with these bytes, or nil when the pool is empty.
  fileprivate func copied(into pool: PacketPool) -> Packet? {
    cdpdk_fill(pool.handle, bytes.baseAddress, UInt32(bytes.count))
  }
}
