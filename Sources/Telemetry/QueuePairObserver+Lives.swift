// SPDX-License-Identifier: BSD-3-Clause
import Tables
import Wire

/// Queue pairs that come and go, and the addresses that receive.
extension QueuePairObserver {
  /// The packet is the first of its queue pair or connection: whatever was in its place is over.
  @inline(never)
  mutating func begin(_ packet: Packet, _ record: Record) {
    let number = number(of: record)
    let key = packet.pointee.entry.pointee.key
    let details = details + number
    details.pointee.version &+= 1
    if record.pointee.owner != 0 { retire(number) }
    let version = details.pointee.version
    record.pointee = QueuePairRecord()
    record.pointee.lastSeen = packet.pointee.nanoseconds
    record.pointee.receiver = UInt16(
      truncatingIfNeeded: state.pointee.receivers.number(of: key))
    record.pointee.sender = Self.place(of: key.sourceWords)
    let opcode = packet.pointee.facts.opcode
    record.pointee.run = OpcodeRun(opcode: opcodes[Int(opcode)].run)
    details.pointee = QueuePairDetails()
    details.pointee.key = key
    details.pointee.firstSeen = packet.pointee.nanoseconds
    details.pointee.transport = opcode &>> 5
    details.pointee.version = version &+ 1
    for line in 0..<UsedLines.lines where used[number].contains(line: line) {
      ((values + number) + line * UsedLines.metricsPerLine)
        .update(repeating: 0, count: UsedLines.metricsPerLine)
    }
    used[number] = UsedLines()
    record.pointee.owner = packet.pointee.owner
    state.pointee.touched = max(state.pointee.touched, number &+ 1)
    memory.sketches.pointee.count(key)
  }

  /// Adds what a queue pair that is over has counted to that of all such.
  private mutating func retire(_ number: Int) {
    forgetGaps(of: number)
    countEndedRuns()
    let record = records + number
    let details = details + number
    let total = memory.retired
    record.pointee.run.count { memory.opcodes[Int($0)] &+= $1 }
    settle(record)
    let values = values + number
    for metric in 0..<Metric.stride {
      total[metric] = memory.merges[metric].of(total[metric], values[metric])
    }
    state.pointee.endedQueuePairs &+= 1
    memory.sketches.pointee.addressPairs.add(
      details.pointee.key.ends, weight: record.pointee.bytes)
  }

  /// The place of an address among 256.
  private static func place(of words: (UInt64, UInt64)) -> UInt8 {
    let mixed = (words.0 ^ words.1 &* 0x9e37_79b9) &* 0x9e37_79b9_7f4a_7c15
    return UInt8(truncatingIfNeeded: mixed &>> 56)
  }

  /// A receiver's bin has ended.
  @inline(never)
  mutating func endBin(_ receiver: UnsafeMutablePointer<Receiver>) {
    let bytes = receiver.pointee.bursts.ended.bytes
    receiver.pointee.windowBytes &+= bytes
    if bytes > distributions.pointee.bins.threshold { anomalies.overran(receiver) }
  }

  /// A window in which its senders were counted has ended.
  @inline(never)
  mutating func endWindow(_ receiver: UnsafeMutablePointer<Receiver>) {
    anomalies.endWindow(receiver, shift: distributions.pointee.windows.shift)
    receiver.pointee.windowBytes = 0
    receiver.pointee.marked = 0
  }
}

extension QueuePairObserver {
  /// The end of the run: what waits for a later packet is counted.
  public mutating func finish() {
    guard state.pointee.began > 0 else { return }
    let now = state.pointee.now
    if state.pointee.gaps.hasPending { expireGaps(until: .max) }
    for number in 0..<state.pointee.receivers.count {
      let receiver = receivers + number
      if receiver.pointee.bursts.end(distributions.pointee.bins) { endBin(receiver) }
      if receiver.pointee.fanIn.end(distributions.pointee.windows) { endWindow(receiver) }
    }
    countRuns(at: now)
    anomalies.finish(at: now)
  }
}

/// What is rare of single packets.
extension QueuePairObserver {
  /// The packet is marked CE.
  @inline(never)
  mutating func mark(_ packet: Packet, _ record: Record) {
    record.pointee.ceMarked &+= 1
    receivers[Int(record.pointee.receiver)].marked &+= 1
    anomalies.sawCongestion(at: packet.pointee.nanoseconds)
    guard !record.pointee.has(QueuePairRecord.Flag.isMarked) else { return }
    record.pointee.set(QueuePairRecord.Flag.isMarked)
    record.pointee.markedAt = packet.pointee.nanoseconds
  }

  /// Whether data is ECN-capable, and whether that changes.
  mutating func noteECN(_ packet: Packet, _ record: Record) {
    let both = QueuePairRecord.Flag.wasECT | QueuePairRecord.Flag.wasNotECT
    let now = packet.pointee.facts.kind.rawValue & both
    if now == QueuePairRecord.Flag.wasNotECT { count(RecordCounts(notECT: 1), record) }
    if !record.pointee.has(now) { changeECN(now, packet, record) }
  }

  @inline(never)
  private mutating func changeECN(_ now: UInt16, _ packet: Packet, _ record: Record) {
    let both = QueuePairRecord.Flag.wasECT | QueuePairRecord.Flag.wasNotECT
    if record.pointee.has(both) { add(1, to: .ecnChanges, of: number(of: record)) }
    record.pointee.clear(both)
    record.pointee.set(now)
    guard now == QueuePairRecord.Flag.wasNotECT else { return }
    let number = number(of: record)
    anomalies.isNotCapable(details + number, UInt32(number), at: packet.pointee.nanoseconds)
  }

  /// Somebody has looked at the invariant CRC.
  ///
  /// - Returns: whether the packet may be right.
  @inline(never)
  mutating func check(_ packet: Packet, _ record: Record) -> Bool {
    let verdict = packet.pointee.headers.pointee.icrc
    guard verdict == .good || verdict == .bad else { return true }
    let number = number(of: record)
    add(1, to: .checksVerified, of: number)
    guard verdict == .bad else { return true }
    add(1, to: .checksWrong, of: number)
    anomalies.corrupted(details + number, UInt32(number), at: packet.pointee.nanoseconds)
    return false
  }
}
