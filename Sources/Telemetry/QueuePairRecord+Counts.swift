// SPDX-License-Identifier: BSD-3-Clause

/// Counts of which the record has the lowest bits, and `Metric` values the whole as it was some
/// time ago: by less than half of what the bits can tell.
///
/// Functions that a packet passes through are mutating even where they change nothing: to one that
/// borrows the observer, the compiler gives a copy of it.
extension QueuePairObserver {
  @inline(__always)
  mutating func count(_ counts: RecordCounts, _ record: Record) {
    if record.pointee.counts.add(counts) { settle(record) }
  }

  /// Counts bytes of messages.
  @inline(__always)
  mutating func countPayload(_ bytes: UInt32, _ record: Record) {
    let before = record.pointee.messageTotal
    let total = before &+ bytes
    guard (bytes | (before ^ total)) &>> 30 == 0 else { return settle(record, adding: bytes) }
    record.pointee.messageTotal = total
  }

  /// Makes the whole counts what they are by now.
  @inline(never)
  mutating func settle(_ record: Record, adding bytes: UInt32 = 0) {
    let number = number(of: record)
    used[number].insert(.messages)
    let values = values + number
    record.pointee.copyMetrics(to: values)
    values[Metric.messageBytes.rawValue] &+= UInt64(bytes)
    record.pointee.messageTotal &+= bytes
  }
}

extension QueuePairRecord {
  /// Brings a queue pair's metrics up to the record's, which are all in the first line of these.
  func copyMetrics(to values: UnsafeMutablePointer<UInt64>) {
    counts.advance(values)
    // To the nearest number that ends with the bits.
    let ahead = messageTotal &- UInt32(truncatingIfNeeded: values[Metric.messageBytes.rawValue])
    values[Metric.messageBytes.rawValue] &+= UInt64(
      bitPattern: Int64(Int32(bitPattern: ahead)))
    values[Metric.largestMessage.rawValue] = UInt64(largest)
    values[Metric.ceMarked.rawValue] = ceMarked
    values[Metric.bytes.rawValue] = bytes
  }
}

extension TelemetryMemory {
  /// The metrics of a queue pair by now, but for lines of them that are not used. Where the worker
  /// counts meanwhile, only as much that the record's bits tell how much: 2^17 bytes are no 2^13
  /// packets.
  ///
  /// - Returns: the lines that are used.
  func copyMetrics(of number: Int, to metrics: UnsafeMutablePointer<UInt64>) -> UsedLines {
    let record = records + number
    var lines = UsedLines()
    for _ in 0..<8 {
      let before = record.pointee.bytes
      lines = used[number]
      let perLine = UsedLines.metricsPerLine
      if !lines.contains(line: 0) { metrics.update(repeating: 0, count: perLine) }
      for line in 0..<UsedLines.lines where lines.contains(line: line) {
        (metrics + line * perLine).update(
          from: (values + number) + line * perLine, count: perLine)
      }
      record.pointee.copyMetrics(to: metrics)
      if record.pointee.bytes &- before < 1 << 17 { break }
    }
    lines.insert(.messages)
    return lines
  }
}
