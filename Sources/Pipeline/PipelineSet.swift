// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
import Settings
import Wire

/// All pipelines of the file as one worker has them: stages, counters and outputs of its own.
public final class PipelineSet {
  /// By the stages' numbers, pipeline after pipeline.
  public let stageCounters: CounterBlock<StageCounters>
  /// By port.
  public let portCounters: CounterBlock<PortCounters>
  /// By drop reason.
  public let reasonCounters: CounterBlock<UInt64>
  /// Packets that stages made; received + made = sent + dropped + held.
  public let madeCounter = CounterBlock<UInt64>(repeating: 0, count: 1)
  /// Packets that stages keep.
  public let heldCounter = CounterBlock<UInt64>(repeating: 0, count: 1)

  /// Far below what the 16 bits of a stage's number hold.
  public static let stageLimit = 4096

  private let nodes: [Node]
  /// Those that may keep packets, in the order of the file.
  private let holders: UnsafeMutableBufferPointer<Unmanaged<Node>>
  /// By the stages' numbers: the pipeline, and the place in it behind the stage.
  private let placesBehind: [(pipeline: Int, place: Int)]
  private let lists: UnsafeMutablePointer<StageList>
  private let listCount: Int
  /// By pipeline: whether a burst that enters there must not see older headers.
  private let forgets: UnsafeMutablePointer<Bool>
  private let outputs: UnsafeMutablePointer<Unmanaged<Output>>
  private let ownedOutputs: [Output]
  /// Where dropped packets are shown to, when the run keeps them.
  private let dropOutput: Unmanaged<Output>?
  private let ownedDropOutput: Output?
  private let room: Gathering
  private let madePerBurst: Int

  /// - Parameter outputs: where packets leave, by port.
  public init(
    _ plans: [PipelinePlan], _ context: StageContext, outputs: [Output], drops: Output? = nil
  ) throws(StageBuildError) {
    let stageCount = plans.reduce(0) { $0 + $1.stages.count }
    stageCounters = CounterBlock(repeating: StageCounters(), count: stageCount)
    portCounters = CounterBlock(repeating: PortCounters(), count: outputs.count)
    reasonCounters = CounterBlock(repeating: 0, count: DropReasons.capacity)
    let built = try Self.makeNodes(plans, context, stageCounters)
    nodes = built.flatMap { $0 }
    holders = .allocate(capacity: nodes.count(where: \.holds))
    _ = holders.initialize(from: nodes.filter(\.holds).map { .passUnretained($0) })
    placesBehind = built.indices.flatMap { list in
      built[list].indices.map { (list, $0 + 1) }
    }
    listCount = plans.count
    lists = .allocate(capacity: plans.count)
    for (index, nodes) in built.enumerated() {
      (lists + index).initialize(to: StageList(nodes))
    }
    forgets = .allocate(capacity: plans.count)
    let anyReads = plans.contains(where: \.readsHeaders)
    for (index, plan) in plans.enumerated() {
      forgets[index] = anyReads && plan.mustForgetHeaders
    }
    ownedOutputs = outputs
    self.outputs = .allocate(capacity: max(outputs.count, 1))
    for (index, output) in outputs.enumerated() {
      (self.outputs + index).initialize(to: .passUnretained(output))
    }
    ownedDropOutput = drops
    dropOutput = drops.map { .passUnretained($0) }
    madePerBurst = context.madePerBurst
    room = Gathering(capacity: Burst.capacity + madePerBurst)
  }

  deinit {
    lists.deinitialize(count: listCount).deallocate()
    forgets.deallocate()
    outputs.deallocate()
    holders.deallocate()
  }

  private static func makeNodes(
    _ plans: [PipelinePlan], _ context: StageContext, _ counters: CounterBlock<StageCounters>
  ) throws(StageBuildError) -> [[Node]] {
    var lists: [[Node]] = []
    var shared: [String: Node] = [:]
    var number = 0
    for (pipelineIndex, plan) in plans.enumerated() {
      var nodes: [Node] = []
      for (stageIndex, stage) in plan.stages.enumerated() {
        let place = StageType.Place(
          number: UInt16(number), counters: counters.pointer + number)
        number += 1
        if let known = stage.shared.flatMap({ shared[$0] }) {
          nodes.append(known.twin(when: stage.condition.map { Predicate($0) }, at: place))
          continue
        }
        do throws(SettingsError) {
          let node = try stage.type.makeNode(
            stage.settings, when: stage.condition, at: place, context)
          if let name = stage.shared { shared[name] = node }
          nodes.append(node)
        } catch {
          throw StageBuildError(pipeline: pipelineIndex, stage: stageIndex, error: error)
        }
      }
      lists.append(nodes)
    }
    return lists
  }

  /// A burst that fits these pipelines; a worker makes one and uses it for its whole life.
  public func makeBurst() -> Burst {
    Burst(
      ports: ownedOutputs.count, pipelines: listCount, reasonCounts: reasonCounters.pointer,
      heldCount: heldCounter.pointer, madeTotal: madeCounter.pointer, made: madePerBurst)
  }

  /// Takes a burst through the pipelines, from `entry` on, until every packet has left.
  public func run(_ burst: inout Burst, from entry: PipelineIndex) {
    let input = portCounters.pointer + Int(burst.input.value)
    input.pointee.receivedPackets &+= UInt64(truncatingIfNeeded: burst.live.count)
    input.pointee.receivedBytes &+= burst.receivedBytes
    if forgets[Int(entry.value)] { burst.forgetHeaders() }
    burst.enter(entry)
    finish(&burst)
  }

  /// Runs pipelines until every packet has left.
  @inline(__always)
  private func finish(_ burst: inout Burst) {
    while let pipeline = burst.nextPipeline() { run(&burst, Int(pipeline.value), from: 0) }
    sendAll(&burst)
    if !burst.dropped.isEmpty { freeDropped(burst) }
  }

  @inline(__always)
  private func run(_ burst: inout Burst, _ pipeline: Int, from place: Int) {
    lists[pipeline].run(&burst, from: place)
    guard !burst.live.isEmpty else { return }
    burst.stage = lists[pipeline].lastNumber
    burst.drop(burst.live, .noVerdict)
  }

  /// Whether any stage may keep packets.
  public var holds: Bool { !holders.isEmpty }

  /// When a stage next has something to do though no packet comes; `.max` for never.
  public var nextRelease: UInt64 {
    var next = UInt64.max
    for holder in holders {
      next = min(next, holder._withUnsafeGuaranteedRef { $0.nextRelease })
    }
    return next
  }

  /// Lets stages do what is due at `now` or before, one stage after the other.
  public func release(_ burst: inout Burst, until now: UInt64) {
    for holder in holders {
      while true {
        let due = holder._withUnsafeGuaranteedRef { $0.nextRelease }
        guard due <= now else { break }
        burst.beginReleases(at: due, cycles: cdpdk_cycles())
        holder._withUnsafeGuaranteedRef { $0.release(&burst, until: now) }
        let isIdle = burst.received.isEmpty && burst.madeCount == 0
        resume(&burst)
        // A stage that does nothing about what is due must not hold up the worker.
        if isIdle && holder._withUnsafeGuaranteedRef({ $0.nextRelease }) <= due { break }
      }
    }
  }

  /// Takes packets that a stage gave back on their way behind it.
  private func resume(_ burst: inout Burst) {
    if !burst.live.isEmpty {
      let (pipeline, place) = placesBehind[Int(burst.stage)]
      run(&burst, pipeline, from: place)
    }
    finish(&burst)
  }

  private func sendAll(_ burst: inout Burst) {
    madeCounter.pointer.pointee &+= UInt64(truncatingIfNeeded: burst.madeCount)
    while let (port, selection) = burst.nextPortToSend() {
      // A burst that leaves as it came needs no second sum of its lengths.
      let isWhole =
        selection == burst.received && burst.madeCount == 0 && !burst.lengthsChanged
      send(
        burst.batch(of: selection, andMadeFor: port, into: room), to: port,
        bytes: isWhole ? burst.receivedBytes : nil)
    }
  }

  /// - Parameter bytes: the length of all packets together, where it is known.
  private func send(_ batch: OutputBatch, to port: PortIndex, bytes: UInt64?) {
    // An output may free what it has sent, so lengths come from the batch alone.
    let sent = outputs[Int(port.value)]._withUnsafeGuaranteedRef { $0.send(batch) }
    let bytes = sent == batch.count ? bytes ?? batch.bytes(of: sent) : batch.bytes(of: sent)
    let counters = portCounters.pointer + Int(port.value)
    counters.pointee.sentPackets &+= UInt64(truncatingIfNeeded: sent)
    counters.pointee.sentBytes &+= bytes
    guard sent < batch.count else { return }
    let unsent = batch.count &- sent
    cdpdk_free(batch.packets + sent, UInt32(truncatingIfNeeded: unsent))
    reasonCounters.pointer[Int(DropReason.outputFull.index)] &+=
      UInt64(truncatingIfNeeded: unsent)
  }

  private func freeDropped(_ burst: borrowing Burst) {
    let batch = burst.batch(of: burst.dropped, into: room)
    if let dropOutput { _ = dropOutput._withUnsafeGuaranteedRef { $0.send(batch) } }
    cdpdk_free(batch.packets, UInt32(truncatingIfNeeded: batch.count))
  }

  /// Has stages add up what they have counted so far: figures and notes are of the last time.
  public func addUp() { nodes.forEach { $0.addUp() } }

  /// What the stage of this number has to report beyond its counters.
  public func figures(of number: Int) -> [StageFigure] { nodes[number].figures() }

  /// By the stages' numbers: what has gone wrong in each.
  public func problems() -> [String?] { nodes.map { $0.problem() } }

  /// By the stages' numbers: what each has to say of the packets.
  public func notes() -> [[String]] { nodes.map { $0.notes() } }

  /// Ends the stages once the worker has stopped.
  public func finish() { nodes.forEach { $0.finish() } }
}
