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
    let record = memory.records + number
    count += 1
    let lines = own.withUnsafeMutableBufferPointer { own in
      own.baseAddress.map { memory.copyMetrics(of: number, to: $0) } ?? UsedLines()
    }
    for line in 0..<UsedLines.lines where lines.contains(line: line) { addLine(line) }
    record.pointee.run.count { opcodes[$0] &+= $1 }
    if record.pointee.peer == .max, own[Metric.messages.rawValue] > 0, isAnswered(number) {
      oneSided += 1
    }
  }

  private mutating func addLine(_ line: Int) {
    let first = line * UsedLines.metricsPerLine
    for metric in first..<first + UsedLines.metricsPerLine {
      sums[metric] = memory.merges[metric].of(sums[metric], own[metric])
    }
  }

  /// Whether messages to the queue pair are acknowledged.
  private func isAnswered(_ number: Int) -> Bool {
    let (record, details) = (memory.records + number, memory.details + number)
    return !record.pointee.has(QueuePairRecord.Flag.isUnreliable)
      && details.pointee.transport != Opcode.Transport.unreliableDatagram.rawValue
  }

  var values: MetricValues {
    var values = MetricValues()
    for metric in Metric.allCases { values[metric] = sums[metric.rawValue] }
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
