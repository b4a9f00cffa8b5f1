// SPDX-License-Identifier: BSD-3-Clause
import Tables
import Wire

/// Puts together what the observers of several workers have measured.
struct SnapshotBuilder {
  private var snapshot = TelemetrySnapshot()
  private let demand: SweepDemand
  private var untracked: UInt64 = 0
  private var unpaired: UInt64 = 0
  private var cut: UInt64 = 0
  private var oneSided = 0
  private var pairs: HeavyHittersSnapshot<FlowKey>?
  private var distinct: [(name: String, count: DistinctCountSnapshot)] = []
  /// Of queue pairs that are in the tables, by their ends.
  private var liveBytes: [FlowKey: UInt64] = [:]

  init(_ demand: SweepDemand) { self.demand = demand }

  /// Adds what there is by now, and of queue pairs what they were at the last look at them.
  mutating func add(_ memory: TelemetryMemory) {
    let state = memory.state.pointee
    if state.began > 0, snapshot.start == 0 || state.began < snapshot.start {
      snapshot.start = state.began
    }
    snapshot.end = max(snapshot.end, state.now)
    snapshot.endedQueuePairs &+= state.endedQueuePairs
    untracked &+= state.untracked
    unpaired &+= state.unpairedAnswers
    cut &+= state.cut
    add(memory.sweep)
    addDistributions(memory.distributions.pointee.snapshot)
    addReceivers(state.receivers)
    addSketches(memory)
    addEvents(memory)
    for (name, bytes) in memory.byteCounts { addMemory(name, bytes) }
  }

  mutating func add(queueDepths: HistogramSnapshot) {
    addDistributions([Distribution(.queueDepth, queueDepths)])
  }

  private mutating func addMemory(_ name: String, _ bytes: Int) {
    if let place = snapshot.memory.firstIndex(where: { $0.name == name }) {
      snapshot.memory[place].bytes += bytes
    } else {
      snapshot.memory.append((name, bytes))
    }
  }

  private mutating func add(_ sweep: QueuePairSweep) {
    snapshot.totals.merge(sweep.values)
    snapshot.opcodes.merge(sweep.opcodes)
    snapshot.queuePairCount += sweep.count
    oneSided += sweep.oneSided
    snapshot.queuePairs += sweep.heaviest
    liveBytes.merge(sweep.bytes, uniquingKeysWith: &+)
    trim()
  }

  private mutating func trim() {
    snapshot.queuePairs.sort {
      let (mine, other) = ($0.values[.bytes], $1.values[.bytes])
      // Names decide seldom, and take long to make.
      return mine == other ? $0.name.description < $1.name.description : mine > other
    }
    snapshot.queuePairs.removeLast(max(snapshot.queuePairs.count - demand.queuePairs, 0))
  }

  private mutating func addDistributions(_ distributions: [Distribution]) {
    for distribution in distributions where distribution.histogram.count > 0 {
      if let place = snapshot.distributions.firstIndex(where: { $0.kind == distribution.kind }) {
        snapshot.distributions[place].histogram.merge(with: distribution.histogram)
      } else {
        snapshot.distributions.append(distribution)
      }
    }
  }

  private mutating func addReceivers(_ receivers: Receivers) {
    for number in 0..<receivers.count {
      let receiver = receivers.start[number]
      let (bursts, fanIn) = (receiver.bursts.figures, receiver.fanIn.figures)
      guard number > 0 || bursts.highest > 0 else { continue }
      snapshot.receivers.append(
        ReceiverMeasurement(
          address: number == 0 ? "all others" : receiver.key.destination,
          mostSenders: UInt64(fanIn.highest), mostSendersAt: fanIn.highestAt,
          mostBytes: bursts.highest, mostBytesAt: bursts.highestAt))
    }
  }

  private mutating func addSketches(_ memory: TelemetryMemory) {
    let ended = memory.sketches.pointee.addressPairs.snapshot
    if pairs == nil { pairs = ended } else { pairs?.merge(with: ended) }
    add(memory.sketches.pointee.queuePairs.snapshot, to: "queue pairs")
    add(memory.sketches.pointee.sources.snapshot, to: "sources")
    add(memory.sketches.pointee.destinations.snapshot, to: "destinations")
  }

  private mutating func add(_ count: DistinctCountSnapshot, to name: String) {
    if let place = distinct.firstIndex(where: { $0.name == name }) {
      distinct[place].count.merge(with: count)
    } else {
      distinct.append((name, count))
    }
  }

  /// Bytes of queue pairs that are over are known up to an error, those of the others exactly.
  private var addressPairs: [AddressPair] {
    var byKey: [FlowKey: AddressPair] = [:]
    for entry in pairs?.entries ?? [] {
      byKey[entry.key] = AddressPair(
        source: entry.key.source, destination: entry.key.destination, bytes: entry.weight,
        error: entry.error)
    }
    for (key, bytes) in liveBytes {
      let none = AddressPair(
        source: key.source, destination: key.destination, bytes: 0, error: pairs?.absent ?? 0)
      byKey[key, default: none].bytes &+= bytes
    }
    let sorted = byKey.values.sorted {
      ($1.bytes, $0.source, $0.destination) < ($0.bytes, $1.source, $1.destination)
    }
    return Array(sorted.prefix(max(demand.queuePairs, 100)))
  }

  private mutating func addEvents(_ memory: TelemetryMemory) {
    let events = memory.events.pointee
    for kind in snapshot.begunEvents.indices { snapshot.begunEvents[kind] &+= events.begun[kind] }
    for kind in 0..<TelemetryEvent.Kind.allCases.count where events.open[kind].isOpen {
      TelemetryEvent(events.open[kind]).map { snapshot.events.append($0) }
    }
    let kept = min(events.endedCount, UInt64(EventMemory.capacity))
    snapshot.forgottenEvents &+= events.endedCount - kept
    for number in events.endedCount - kept..<events.endedCount {
      let record = events.ended[Int(number % UInt64(EventMemory.capacity))]
      TelemetryEvent(record).map { snapshot.events.append($0) }
    }
  }

  var finished: TelemetrySnapshot {
    var builder = self
    builder.trim()
    var snapshot = builder.snapshot
    snapshot.events.sort {
      ($0.isOpen ? 1 : 0, $0.end, $0.kind.rawValue) > ($1.isOpen ? 1 : 0, $1.end, $1.kind.rawValue)
    }
    if demand.addressPairs { snapshot.addressPairs = builder.addressPairs }
    snapshot.receivers.sort { ($1.mostBytes, $0.address) < ($0.mostBytes, $1.address) }
    snapshot.distinct = builder.distinct.map {
      DistinctMeasurement(
        name: $0.name, estimate: $0.count.estimate, relativeError: $0.count.standardError)
    }
    snapshot.gaps = gaps
    return snapshot
  }

  /// What could not be known.
  private var gaps: [String] {
    var gaps: [String] = []
    if oneSided > 0 {
      gaps.append(
        "of \(oneSided) queue pairs with requests the other direction is not known: they have no"
          + " round trips, and what made their senders go back is not known")
    }
    if unpaired > 0 {
      gaps.append(
        "\(unpaired) answers came before it was known which requests they answer: they are counted,"
          + " but not timed")
    }
    if untracked > 0 {
      gaps.append("\(untracked) RoCE packets are of no queue pair that there was room for")
    }
    if cut > 0 { gaps.append("\(cut) acknowledgements were cut before their syndrome") }
    if snapshot.totals[.checksVerified] == 0, snapshot.totals[.packets] > 0 {
      gaps.append("no invariant CRC was verified: put `verify-icrc` before")
    }
    return gaps
  }
}

extension TelemetryEvent {
  fileprivate init?(_ record: EventMemory.Record) {
    guard let kind = Kind(rawValue: record.kind), record.start > 0 else { return nil }
    self.init(kind: kind, start: record.start, end: max(record.start, record.end))
    isOpen = record.isOpen
    occurrences = record.occurrences
    queuePairCount = record.queuePairs
    if record.isOfReceiver {
      address = record.keys[0].destination
    } else if record.stopper != 0 {
      address = MACAddress(value: record.stopper).description
    } else {
      queuePairs = (0..<Int(min(record.keyCount, 8))).map { QueuePairName(record.keys[$0]) }
    }
    evidence = zip(kind.evidence, 0..<3).map { Evidence($0, record.evidence[$1]) }
  }
}

extension TelemetryEvent.Kind {
  /// What an event's numbers are.
  fileprivate var evidence: [String] {
    switch self {
    case .goBackNStorm: ["packets sent again", "most of one queue pair in a second"]
    case .silentDrop: ["packets lost or denied"]
    case .timeoutRecovery: ["timeouts", "longest silence in nanoseconds"]
    case .receiverNotReadyStorm: ["NAKs", "longest wait told in nanoseconds"]
    case .notificationStorm: ["notifications", "most to one queue pair in 10 ms"]
    case .ecnMisconfiguration: ["Not-ECT packets", "ECT packets", "notifications marked CE"]
    case .pauseStorm: ["priority", "share of the time in percent"]
    case .incast: ["most senders at once", "packets marked CE"]
    case .microburst: ["bins above the rate", "most bytes in a bin"]
    case .corruption: ["packets with a wrong ICRC"]
    case .queuePairError: ["NAKs", "syndrome of the last"]
    }
  }
}
