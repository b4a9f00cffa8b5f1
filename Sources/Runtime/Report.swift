// SPDX-License-Identifier: BSD-3-Clause
import Pipeline

/// What a run did: the one structure from which the text and the JSON come.
public struct Report: Sendable {
  /// `replay`, `run` or `simulate`.
  public var command: String
  public var file: String
  /// Seconds of the wall clock that packets were handled in.
  public var seconds: Double
  /// Seconds between the first and the last packet of a replay's captures, or of virtual time.
  public var captureSeconds: Double?
  /// Where packets lay, in words: hugepages or ordinary memory.
  public var memory: String
  public var workers: Int
  /// Whether a signal ended the run before its input did.
  public var interrupted = false

  public var ports: [PortReport] = []
  public var pipelines: [PipelineReport] = []
  public var drops: [DropReport] = []
  public var totals = Totals()
  public var pool: PoolReport
  /// What live polling took of the processors; a replay does not poll.
  public var polling: Polling?
  public var pacing: PacingReport?
  public var simulation: SimulationSummary?
  /// What went wrong; a run with problems did not succeed.
  public var problems: [String] = []
  /// What a user should know and that is no failure.
  public var notes: [String] = []

  public struct Totals: Sendable {
    public var received: UInt64 = 0
    public var receivedBytes: UInt64 = 0
    /// Packets that stages made, such as mirror copies.
    public var made: UInt64 = 0
    public var sent: UInt64 = 0
    public var sentBytes: UInt64 = 0
    public var dropped: UInt64 = 0
    /// Packets that stages still keep: none at the end of a run.
    public var held: UInt64 = 0

    /// Whether every packet is accounted for.
    public var balances: Bool { received &+ made == sent &+ dropped &+ held }
  }

  public struct PortReport: Sendable {
    public var name: String
    public var device: String
    public var counters: PortCounters
    /// Whether the port had a link at the end, and how fast; a replay's ports have none.
    public var link: String?
    /// The driver's own counts; a replay has none.
    public var driver: DriverCounts?
  }

  /// What the driver of a port counted beside the packets that it handed over.
  public struct DriverCounts: Sendable {
    /// Packets that came while the receive queue was full.
    public var missed: UInt64
    public var receiveErrors: UInt64
    /// Packets that came while the pool was empty.
    public var noBuffer: UInt64
    public var sendErrors: UInt64
  }

  public struct PipelineReport: Sendable {
    public var name: String
    public var stages: [StageReport]
  }

  public struct StageReport: Sendable {
    public var label: String
    public var stage: String
    public var condition: String?
    public var counters: StageCounters
    public var figures: [StageFigure]
  }

  public struct DropReport: Sendable {
    public var reason: String
    public var packets: UInt64
  }

  public struct PoolReport: Sendable {
    public var packets: Int
    /// Packets that did not come back; anything but 0 is a fault of Sluice or of a driver.
    public var missing: Int
  }

  /// Processor time: unlike the wall clock's, other programs on the machine do not lengthen it.
  public struct Polling: Sendable {
    /// The frequency of the time stamp counter, in whose cycles stages are measured.
    public var tscHertz: UInt64
    public var nanosecondsByWorker: [UInt64]
  }

  /// How well a paced replay kept its times.
  public struct PacingReport: Sendable {
    public var asked: String
    public var meanLateness: Double
    public var maximumLateness: Double
  }

  /// Whether all went well: the exit status is 0.
  public var succeeded: Bool { problems.isEmpty }
}

extension Report {
  /// Adds up what the workers' pipelines counted, and what their stages have to say.
  mutating func gather(_ sets: [PipelineSet], plan: NICPlan, reasons: DropReasons) {
    gatherCounters(sets, plan: plan, reasons: reasons)
    gatherNotes(sets, plan)
  }

  /// Adds up what the workers' pipelines have counted so far.
  mutating func gatherCounters(_ sets: [PipelineSet], plan: NICPlan, reasons: DropReasons) {
    sets.forEach { $0.addUp() }
    gatherPorts(sets, plan)
    gatherStages(sets, plan)
    var byReason = [UInt64](repeating: 0, count: reasons.names.count)
    for set in sets {
      for index in byReason.indices { byReason[index] &+= set.reasonCounters.pointer[index] }
      totals.made &+= set.madeCounter.pointer.pointee
      totals.held &+= set.heldCounter.pointer.pointee
    }
    totals.dropped = byReason.reduce(0, &+)
    drops = zip(reasons.names, byReason)
      .compactMap { $1 > 0 ? DropReport(reason: $0, packets: $1) : nil }
      .sorted { ($1.packets, $0.reason) < ($0.packets, $1.reason) }
  }

  private mutating func gatherPorts(_ sets: [PipelineSet], _ plan: NICPlan) {
    for (index, port) in plan.ports.enumerated() {
      var counters = PortCounters()
      for set in sets { counters += set.portCounters.pointer[index] }
      ports.append(PortReport(name: port.name, device: port.device, counters: counters))
      totals.received &+= counters.receivedPackets
      totals.receivedBytes &+= counters.receivedBytes
      totals.sent &+= counters.sentPackets
      totals.sentBytes &+= counters.sentBytes
    }
  }

  private mutating func gatherStages(_ sets: [PipelineSet], _ plan: NICPlan) {
    var number = 0
    for pipeline in plan.pipelines {
      var stages: [StageReport] = []
      for stage in pipeline.stages {
        var counters = StageCounters()
        for set in sets { counters += set.stageCounters.pointer[number] }
        stages.append(
          StageReport(
            label: stage.label, stage: stage.type.description.name,
            condition: stage.condition?.text, counters: counters,
            figures: Self.sum(sets.map { $0.figures(of: number) })))
        number += 1
      }
      pipelines.append(PipelineReport(name: pipeline.name, stages: stages))
    }
  }

  /// Adds what stages say, once although several workers say it.
  mutating func gatherNotes(_ sets: [PipelineSet], _ plan: NICPlan) {
    let said = sets.map { $0.notes() }
    for (number, place) in plan.stageLabels.enumerated() {
      for note in said.flatMap({ $0[number] }).map({ "\(place): \($0)" })
      where !notes.contains(note) { notes.append(note) }
    }
  }

  /// Adds figures of the same name, in the order in which they first appear.
  private static func sum(_ lists: [[StageFigure]]) -> [StageFigure] {
    var total: [StageFigure] = []
    for figure in lists.joined() {
      if let place = total.firstIndex(where: { $0.name == figure.name }) {
        total[place].value &+= figure.value
      } else {
        total.append(figure)
      }
    }
    return total
  }
}
