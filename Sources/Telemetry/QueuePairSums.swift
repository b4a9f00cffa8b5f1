// SPDX-License-Identifier: BSD-3-Clause
import Wire

/// The sums over many queue pairs, taken from where the worker counts.
struct QueuePairSums {
  private let memory: TelemetryMemory
  private var sums = [UInt64](repeating: 0, count: Metric.stride)
  private var own = [UInt64](repeating: 0, count: Metric.stride)
  private(set) var opcodes = OpcodeCounts()
  private(set) var count = 0
  /// Those that are answered, and whose answers were not seen.
  private(set) var oneSided = 0

  init(_ memory: TelemetryMemory) { self.memory = memory }

  mutating func add(_ number: Int) {
    let (record, details) = (memory.records + number, memory.details + number)
    count += 1
    own.withUnsafeMutableBufferPointer { own in
      guard let start = own.baseAddress else { return }
      memory.copyMetrics(of: number, to: start)
    }
    for metric in 0..<Metric.stride {
      sums[metric] = memory.merges[metric].of(sums[metric], own[metric])
    }
    for place in 0..<32 where details.pointee.opcodes[place] > 0 {
      opcodes[details.pointee.opcode(place)] &+= details.pointee.opcodes[place]
    }
    record.pointee.run.count { opcodes[$0] &+= $1 }
    let transport = details.pointee.transport
    let isAnswered =
      transport != Opcode.Transport.unreliableDatagram.rawValue
      && !record.pointee.has(QueuePairRecord.Flag.isUnreliable)
    if isAnswered, record.pointee.peer == .max, own[Metric.messages.rawValue] > 0 { oneSided += 1 }
  }

  var values: MetricValues {
    var values = MetricValues()
    for metric in Metric.allCases { values[metric] = sums[metric.rawValue] }
    values[.packets] = opcodes.present.reduce(0) { $0 &+ $1.packets }
    return values
  }
}

extension MetricDescription.Merge {
  /// What two values become.
  func of(_ one: UInt64, _ other: UInt64) -> UInt64 {
    switch self {
    case .sum: one &+ other
    case .largest: max(one, other)
    case .smallest: one == 0 ? other : other == 0 ? one : min(one, other)
    }
  }
}
