// SPDX-License-Identifier: BSD-3-Clause
import Tables

/// Everything that one observer keeps. The worker writes it; the control side reads it meanwhile,
/// without a lock: words are whole, but what belongs together may be of different instants.
final class TelemetryMemory {
  let limits: TelemetryLimits
  let records: UnsafeMutablePointer<QueuePairRecord>
  let details: QueuePairPart<QueuePairDetails>
  /// By metric.
  let values: QueuePairPart<UInt64>
  let used: UnsafeMutablePointer<UsedLines>
  let state: UnsafeMutablePointer<ObserverState>
  let distributions: UnsafeMutablePointer<ObserverDistributions>
  let sketches: UnsafeMutablePointer<ObserverSketches>
  let events: UnsafeMutablePointer<EventMemory>
  /// Queue pairs that there were before others in their places.
  let retired: UnsafeMutablePointer<UInt64>
  /// By metric, how values of several queue pairs become one.
  let merges: UnsafeMutablePointer<MetricDescription.Merge>
  /// Packets of all queue pairs by opcode, but for those of runs that have not ended.
  let opcodes: UnsafeMutablePointer<UInt64>
  let byteCounts: [(name: String, bytes: Int)]
  /// The control side's alone: what it wants of queue pairs, and how it found them last.
  var demand = SweepDemand()
  private(set) var sweep = QueuePairSweep()
  private let begun: BegunEvents
  private let block: TableMemory<UInt8>

  /// - Parameter seed: of hashes; the same on all workers, whose counts are merged.
  init(
    _ limits: TelemetryLimits, seed: UInt64, begun: BegunEvents, pages: TablePages
  ) throws(TableError) {
    self.limits = limits
    self.begun = begun
    let count = limits.capacity
    block = try TableMemory<UInt8>(
      count: count * (Self.bytesPerQueuePair - MemoryLayout<UsedLines>.stride), pages: pages)
    let start = UnsafeMutableRawPointer(block.start)
    // It is all 0: no place has an owner. Who begins there initializes it.
    records = start.bindMemory(to: QueuePairRecord.self, capacity: count)
    let rest = start + count * MemoryLayout<QueuePairRecord>.stride
    details = QueuePairPart(start: rest)
    values = QueuePairPart(start: rest + QueuePairLayout.values)
    used = .allocate(capacity: count)
    used.initialize(repeating: UsedLines(), count: count)
    state = .allocate(capacity: 1)
    state.initialize(
      to: ObserverState(
        GapRing(capacity: limits.gaps), Receivers(capacity: limits.receivers, seed: seed)))
    distributions = .allocate(capacity: 1)
    distributions.initialize(to: ObserverDistributions(limits))
    sketches = .allocate(capacity: 1)
    sketches.initialize(to: ObserverSketches(addressPairs: limits.addressPairs, seed: seed))
    events = .allocate(capacity: 1)
    events.initialize(to: EventMemory(quiet: limits.thresholds.quiet, begun: begun.counters))
    merges = .allocate(capacity: Metric.stride)
    merges.initialize(repeating: .sum, count: Metric.stride)
    for metric in Metric.allCases { merges[metric.rawValue] = metric.description.merge }
    retired = .allocate(capacity: Metric.stride)
    retired.initialize(repeating: 0, count: Metric.stride)
    opcodes = .allocate(capacity: 256)
    opcodes.initialize(repeating: 0, count: 256)
    byteCounts = [
      ("queue pairs", count * Self.bytesPerQueuePair),
      ("gaps", GapRing.byteCount(capacity: limits.gaps)),
      ("receivers", state.pointee.receivers.byteCount),
      ("distributions", distributions.pointee.byteCount),
      ("address pairs and distinct counts", sketches.pointee.byteCount),
      ("events", MemoryLayout<EventMemory>.stride + EventMemory.byteCount),
    ]
  }

  deinit {
    state.pointee.gaps.free()
    state.pointee.receivers.free()
    used.deallocate()
    sketches.deinitialize(count: 1)
    sketches.deallocate()
    events.pointee.free()
    distributions.deinitialize(count: 1)
    state.deallocate()
    distributions.deallocate()
    events.deallocate()
    retired.deallocate()
    merges.deallocate()
    opcodes.deallocate()
  }

  func sweepQueuePairs() { sweep = QueuePairSweep(self, demand, after: sweep) }

  static var bytesPerQueuePair: Int {
    MemoryLayout<QueuePairRecord>.stride + QueuePairLayout.stride
      + MemoryLayout<UsedLines>.stride
  }
}

/// What an observer keeps that is of no single queue pair.
struct ObserverState {
  var gaps: GapRing
  /// The places that were ever in use are those below this one.
  var touched = 0
  var began: UInt64 = 0
  var now: UInt64 = 0
  var endedQueuePairs: UInt64 = 0
  /// What distributions do not have yet, and when they last had all.
  var sizes = ValueRun()
  var burstLengths = ValueRun()
  var messageSizes = ValueRun()
  var runsCounted: UInt64 = 0
  /// RoCE packets that no queue pair's record is for, and such that were cut.
  var untracked: UInt64 = 0
  var cut: UInt64 = 0
  /// Answers whose request's direction is not known.
  var unpairedAnswers: UInt64 = 0
  var receivers: Receivers

  init(_ gaps: GapRing, _ receivers: Receivers) {
    self.gaps = gaps
    self.receivers = receivers
  }
}

/// What is distributed, of all queue pairs of one observer.
struct ObserverDistributions: ~Copyable {
  let packetSize = LogLinearHistogram(precision: 3, bits: 17)
  let messageSize = LogLinearHistogram(precision: 5, bits: 33)
  let roundTrip = LogLinearHistogram(precision: 5, bits: 40)
  let completion = LogLinearHistogram(precision: 5, bits: 40)
  let readAnswer = LogLinearHistogram(precision: 5, bits: 40)
  let notificationDelay = LogLinearHistogram(precision: 5, bits: 40)
  let idleGap = LogLinearHistogram(precision: 4, bits: 40)
  let burstLength = LogLinearHistogram(precision: 4, bits: 33)
  let acknowledged = LogLinearHistogram(precision: 5, bits: 24)
  let bins: MicroburstBins
  let windows: FanInWindows

  init(_ limits: TelemetryLimits) {
    let ofRate = Double(limits.bytesPerSecond) * Double(limits.bin) / 1e9
    bins = MicroburstBins(
      length: limits.bin, threshold: UInt64(ofRate * Double(limits.thresholds.binLoad) / 100))
    windows = FanInWindows(shift: Int(FanInWindows.usualShift))
  }

  var byteCount: Int {
    packetSize.byteCount + messageSize.byteCount + roundTrip.byteCount + completion.byteCount
      + readAnswer.byteCount + notificationDelay.byteCount + idleGap.byteCount
      + burstLength.byteCount + acknowledged.byteCount + bins.byteCount + windows.byteCount
  }

  var snapshot: [Distribution] {
    [
      Distribution(.packetSize, packetSize.snapshot),
      Distribution(.messageSize, messageSize.snapshot),
      Distribution(.roundTrip, roundTrip.snapshot),
      Distribution(.completion, completion.snapshot),
      Distribution(.readAnswer, readAnswer.snapshot),
      Distribution(.notificationDelay, notificationDelay.snapshot),
      Distribution(.idleGap, idleGap.snapshot),
      Distribution(.burstLength, burstLength.snapshot),
      Distribution(.acknowledged, acknowledged.snapshot),
      Distribution(.binBytes, bins.bytes.snapshot),
      Distribution(.fanIn, windows.senders.snapshot),
    ]
  }
}

/// Who sent how much to whom by queue pairs that are over, and how many different ones there were.
/// Nothing of it is touched per packet.
struct ObserverSketches: ~Copyable {
  var addressPairs: HeavyHitters<FlowKey>
  let queuePairs = DistinctCount()
  let sources = DistinctCount()
  let destinations = DistinctCount()
  private let hash: FlowHash

  init(addressPairs: Int, seed: UInt64) {
    self.addressPairs = HeavyHitters(capacity: addressPairs, seed: seed)
    hash = FlowHash(seed: seed)
  }

  var byteCount: Int {
    addressPairs.byteCount + queuePairs.byteCount + sources.byteCount + destinations.byteCount
  }

  func count(_ key: FlowKey) {
    queuePairs.add(hash: hash(key))
    sources.add(hash: hash(FlowKey(destination: key.sourceWords, network: key.ends.words[4])))
    destinations.add(
      hash: hash(FlowKey(destination: key.destinationWords, network: key.ends.words[4])))
  }
}
