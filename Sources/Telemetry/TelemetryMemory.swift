// SPDX-License-Identifier: BSD-3-Clause
import Glibc
import Tables

/// Everything that one observer keeps. The worker writes it; the control side reads it meanwhile,
/// without a lock: words are whole, but what belongs together may be of different instants.
final class TelemetryMemory {
  let limits: TelemetryLimits
  let records: UnsafeMutablePointer<QueuePairRecord>
  let details: UnsafeMutablePointer<QueuePairDetails>
  /// By queue pair and metric.
  let values: UnsafeMutablePointer<UInt64>
  let receivers: UnsafeMutablePointer<Receiver>
  /// Places of receivers by a hash of their address; 0 where there is none.
  let receiverIndex: UnsafeMutablePointer<UInt16>
  let receiverMask: Int
  /// How many senders there are, by how many of 256 places they take.
  let senderEstimates: UnsafeMutablePointer<UInt16>
  let state: UnsafeMutablePointer<ObserverState>
  let distributions: UnsafeMutablePointer<ObserverDistributions>
  let events: UnsafeMutablePointer<EventMemory>
  /// Queue pairs that there were before others in their places.
  let retired: UnsafeMutablePointer<UInt64>
  /// By metric, how values of several queue pairs become one.
  let merges: UnsafeMutablePointer<MetricDescription.Merge>
  let retiredOpcodes: UnsafeMutablePointer<UInt64>
  let byteCounts: [(name: String, bytes: Int)]
  private let block: TableMemory<UInt8>

  init(_ limits: TelemetryLimits) throws(TableError) {
    self.limits = limits
    let count = limits.capacity
    let recordBytes = count * MemoryLayout<QueuePairRecord>.stride
    let detailBytes = count * MemoryLayout<QueuePairDetails>.stride
    let valueBytes = count * Metric.stride * 8
    block = try TableMemory<UInt8>(count: recordBytes + detailBytes + valueBytes)
    let start = UnsafeMutableRawPointer(block.start)
    records = start.bindMemory(to: QueuePairRecord.self, capacity: count)
    records.initialize(repeating: QueuePairRecord(), count: count)
    details = (start + recordBytes).bindMemory(to: QueuePairDetails.self, capacity: count)
    details.initialize(repeating: QueuePairDetails(), count: count)
    values = (start + recordBytes + detailBytes)
      .bindMemory(to: UInt64.self, capacity: count * Metric.stride)
    values.initialize(repeating: 0, count: count * Metric.stride)
    receivers = .allocate(capacity: limits.receivers)
    receivers.initialize(repeating: Receiver(), count: limits.receivers)
    var slots = 64
    while slots < limits.receivers * 2 { slots *= 2 }
    receiverMask = slots - 1
    receiverIndex = .allocate(capacity: slots)
    receiverIndex.initialize(repeating: 0, count: slots)
    senderEstimates = .allocate(capacity: 257)
    for taken in 0...256 { (senderEstimates + taken).initialize(to: Self.senders(of: taken)) }
    state = .allocate(capacity: 1)
    state.initialize(to: ObserverState(GapRing(capacity: limits.gaps)))
    distributions = .allocate(capacity: 1)
    distributions.initialize(to: ObserverDistributions())
    events = .allocate(capacity: 1)
    events.initialize(to: EventMemory(quiet: limits.thresholds.quiet))
    merges = .allocate(capacity: Metric.stride)
    merges.initialize(repeating: .sum, count: Metric.stride)
    for metric in Metric.allCases { merges[metric.rawValue] = metric.description.merge }
    retired = .allocate(capacity: Metric.stride)
    retired.initialize(repeating: 0, count: Metric.stride)
    retiredOpcodes = .allocate(capacity: 256)
    retiredOpcodes.initialize(repeating: 0, count: 256)
    byteCounts = [
      ("queue pairs", recordBytes + detailBytes + valueBytes),
      ("gaps", GapRing.byteCount(capacity: limits.gaps)),
      ("receivers", limits.receivers * MemoryLayout<Receiver>.stride + slots * 2),
      ("distributions", distributions.pointee.byteCount),
      ("events", MemoryLayout<EventMemory>.stride + EventMemory.byteCount),
    ]
  }

  deinit {
    state.pointee.gaps.free()
    events.pointee.free()
    distributions.deinitialize(count: 1)
    receivers.deallocate()
    receiverIndex.deallocate()
    senderEstimates.deallocate()
    state.deallocate()
    distributions.deallocate()
    events.deallocate()
    retired.deallocate()
    merges.deallocate()
    retiredOpcodes.deallocate()
  }

  /// What one queue pair's place takes in the three arrays.
  static let bytesPerQueuePair =
    MemoryLayout<QueuePairRecord>.stride + MemoryLayout<QueuePairDetails>.stride + Metric.stride * 8

  /// Of `n` senders at random places of 256, about `256 (1 - e^(-n/256))` are taken.
  private static func senders(of taken: Int) -> UInt16 {
    let free = max(Double(256 - taken), 0.5)
    return UInt16((256 * log(256 / free)).rounded())
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
  /// Packets by what ECN says: Not-ECT, ECT(1), ECT(0), CE.
  var ecn = InlineArray<4, UInt64>(repeating: 0)
  /// Packets in a row of one size, which the distribution does not have yet.
  var sizeOfRun: UInt32 = 0
  var sizes: UInt64 = 0
  /// RoCE packets that no queue pair's record is for, and such that were cut.
  var untracked: UInt64 = 0
  var cut: UInt64 = 0
  /// Answers whose request's direction is not known.
  var unpairedAnswers: UInt64 = 0
  var pauseFrames: UInt64 = 0
  var receiverCount = 1

  init(_ gaps: GapRing) { self.gaps = gaps }
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
  let binBytes = LogLinearHistogram(precision: 4, bits: 33)
  let fanIn = LogLinearHistogram(precision: 7, bits: 12)

  var byteCount: Int {
    packetSize.byteCount + messageSize.byteCount + roundTrip.byteCount + completion.byteCount
      + readAnswer.byteCount + notificationDelay.byteCount + idleGap.byteCount
      + burstLength.byteCount + acknowledged.byteCount + binBytes.byteCount + fanIn.byteCount
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
      Distribution(.binBytes, binBytes.snapshot),
      Distribution(.fanIn, fanIn.snapshot),
    ]
  }
}
