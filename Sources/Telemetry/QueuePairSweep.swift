// SPDX-License-Identifier: BSD-3-Clause
import Synchronization
import Tables
import Wire

/// What is wanted of a look at all queue pairs.
public struct SweepDemand: Sendable {
  /// How many queue pairs are to be in the list at most: those with most bytes.
  public var queuePairs: Int
  /// Whether anybody wants to know which addresses send how much to which.
  public var addressPairs: Bool

  public init(queuePairs: Int = 0, addressPairs: Bool = false) {
    self.queuePairs = queuePairs
    self.addressPairs = addressPairs
  }
}

/// What one look at an observer's queue pairs found. It costs what tables of megabytes cost, the
/// worker's cache among it: who reports looks once, for all that is told of one instant.
struct QueuePairSweep {
  /// Of all queue pairs, those that are over included.
  private(set) var values = MetricValues()
  private(set) var opcodes = OpcodeCounts()
  /// Those that are in the tables.
  private(set) var count = 0
  /// Those that are answered, and whose answers were not seen.
  private(set) var oneSided = 0
  private(set) var heaviest: [QueuePairMeasurement] = []
  /// By their ends.
  private(set) var bytes: [FlowKey: UInt64] = [:]

  /// Of no queue pair.
  init() {}

  /// Adds all up, those that are over first, and looks closer at the heaviest ones only.
  ///
  /// - Parameter earlier: the last look. What a queue pair hands over to the sums of all
  ///   meanwhile is in neither, but it was: a counter that went back would be taken for one that
  ///   began anew.
  init(_ memory: TelemetryMemory, _ demand: SweepDemand, after earlier: QueuePairSweep) {
    addRetired(memory)
    var sums = QueuePairSums(memory)
    var heaviest = Heaviest(count: demand.queuePairs)
    for number in 0..<memory.state.pointee.touched {
      let record = memory.records + number
      // The last that a new queue pair is given is its owner.
      guard record.pointee.owner != 0 else { continue }
      sums.add(number)
      heaviest.add(number, bytes: record.pointee.bytes)
      guard demand.addressPairs else { continue }
      let ends = (memory.details + number).pointee.key.ends
      bytes[ends, default: 0] &+= record.pointee.bytes
    }
    values.merge(sums.values)
    opcodes.merge(sums.opcodes)
    values.keepSums(of: earlier.values)
    opcodes.keepCounts(of: earlier.opcodes)
    values[.packets] = opcodes.total
    count = sums.count
    oneSided = sums.oneSided
    self.heaviest = heaviest.numbers.compactMap { QueuePairMeasurement(memory, $0) }
  }

  private mutating func addRetired(_ memory: TelemetryMemory) {
    for metric in Metric.allCases { values[metric] = memory.retired[metric.rawValue] }
    for opcode in 0..<256 {
      opcodes[UInt8(opcode)] = memory.opcodes[opcode]
    }
  }
}

extension QueuePairMeasurement {
  /// Of a place in an observer's memory; nil where there is no queue pair, or it changes just now.
  fileprivate init?(_ memory: TelemetryMemory, _ number: Int) {
    let details = memory.details + number
    let version = details.pointee.version
    atomicMemoryFence(ordering: .acquiring)
    let record = (memory.records + number).pointee
    guard record.owner != 0, version & 1 == 0 else { return nil }
    var copy = details.pointee
    record.run.count { copy.count($0, $1) }
    self.init(
      name: QueuePairName(copy.key), firstSeen: copy.firstSeen, lastSeen: record.lastSeen)
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: Metric.stride) { own in
      guard let start = own.baseAddress else { return }
      start.initialize(repeating: 0, count: Metric.stride)
      _ = memory.copyMetrics(of: number, to: start)
      for metric in Metric.allCases { self.values[metric] = start[metric.rawValue] }
    }
    for place in 0..<32 { opcodes[copy.opcode(place)] &+= copy.opcodes[place] }
    self.values[.packets] = opcodes.total
    if record.peer != .max {
      let peer = (memory.details + Int(record.peer)).pointee
      if peer.version & 1 == 0 { self.peer = QueuePairName(peer.key) }
    }
    atomicMemoryFence(ordering: .acquiring)
    guard details.pointee.version == version else { return nil }
  }
}
