// SPDX-License-Identifier: BSD-3-Clause
import CDPDK
public import Tables
public import Wire

/// Measures queue pairs by the packets that go to them: one worker's, without a lock.
///
/// Nearly every packet is a request whose sequence number is the one expected: it touches its queue
/// pair's record and little else. All that is rarer is in functions of its own.
public struct QueuePairObserver: ~Copyable {
  let memory: TelemetryMemory
  @usableFromInline let records: UnsafeMutablePointer<QueuePairRecord>
  let details: QueuePairPart<QueuePairDetails>
  /// By metric.
  let values: QueuePairPart<UInt64>
  let used: UnsafeMutablePointer<UsedLines>
  let receivers: UnsafeMutablePointer<Receiver>
  let state: UnsafeMutablePointer<ObserverState>
  let distributions: UnsafeMutablePointer<ObserverDistributions>
  let events: UnsafeMutablePointer<EventMemory>
  @usableFromInline let opcodes: UnsafeMutablePointer<OpcodeFacts>
  /// Runs of packets that ended in the burst.
  let endedRuns: UnsafeMutablePointer<EndedRun>
  var endedRunCount = 0
  let limits: TelemetryLimits
  let series: SeriesMemory?
  /// The series' own memory: no object is counted for each burst.
  private let recorder: UnsafeMutablePointer<SeriesRecorder>?
  /// The packets of the burst, in their order.
  @usableFromInline let packets: UnsafeMutablePointer<ObservedPacket>
  var anomalies: AnomalyDetector
  /// Of the burst: what leads from a queue pair to that of the opposite direction.
  var directory = FlowDirectory()

  /// The most packets that are given at once.
  public static var burstCapacity: Int { 64 }

  /// - Parameters:
  ///   - board: where others find what is measured.
  ///   - seed: of hashes; the same on all workers.
  public init(
    _ limits: TelemetryLimits, on board: TelemetryBoard, seed: UInt64 = 1,
    series: SeriesMemory? = nil
  ) throws(TableError) {
    memory = try TelemetryMemory(limits, seed: seed, begun: board.begun)
    records = memory.records
    details = memory.details
    values = memory.values
    used = memory.used
    receivers = memory.state.pointee.receivers.start
    state = memory.state
    distributions = memory.distributions
    events = memory.events
    self.limits = limits
    self.series = series
    recorder = series?.recorder
    opcodes = OpcodeFacts.makeTable()
    endedRuns = .allocate(capacity: Self.burstCapacity)
    packets = .allocate(capacity: Self.burstCapacity)
    anomalies = AnomalyDetector(limits, memory.events)
    board.add(memory, series)
  }

  deinit {
    opcodes.deallocate()
    endedRuns.deallocate()
    packets.deallocate()
  }

  /// What the observer of such limits takes, in bytes.
  public static func byteCount(_ limits: TelemetryLimits) -> Int {
    limits.capacity * TelemetryMemory.bytesPerQueuePair
  }

  /// Puts a packet into its place in the burst, and has the memory fetched that it touches.
  @inlinable @inline(__always)
  public func place(
    _ packet: Int, _ headers: UnsafePointer<Headers>, _ bytes: UnsafeRawPointer,
    _ entry: UnsafeMutablePointer<FlowEntry>, at nanoseconds: UInt64, number: Int, length: UInt32
  ) {
    let record = UnsafeRawPointer(records) + number &* MemoryLayout<QueuePairRecord>.stride
    cdpdk_prefetch_to_write(record)
    let observed = ObservedPacket(
      headers, bytes, entry, at: nanoseconds, number: number, length: length)
    // Its second line as well, or the first one once more: which it is nobody can foresee.
    cdpdk_prefetch_to_write(record + opcodes[Int(observed.opcode)].kind.moreLines &* 64)
    packets[packet] = observed
  }

  /// Takes the first `count` packets.
  public mutating func observe(_ count: Int, _ directory: FlowDirectory) {
    guard count > 0 else { return }
    self.directory = directory
    let first = packets[0].nanoseconds
    if state.pointee.began == 0 { state.pointee.began = first }
    if state.pointee.gaps.hasPending { expireGaps(until: first) }
    take(count)
    if endedRunCount > 0 { countEndedRuns() }
    let last = packets[count &- 1].nanoseconds
    state.pointee.now = max(state.pointee.now, last)
    if last &- state.pointee.runsCounted > Self.mostBehind { countRuns(at: last) }
    anomalies.age(to: last)
    if let recorder {
      for place in 0..<count { packets[place].facts = PacketFacts(packets + place, opcodes) }
      recorder.pointee.add(packets, count)
    }
  }

  /// Nanoseconds for which runs of alike values wait for a burst after which they are counted.
  private static var mostBehind: UInt64 { 1_000_000 }

  /// One packet after the other, in their order.
  @inline(__always)
  private mutating func take(_ count: Int) {
    var unusual: UInt32 = 0
    var notCapable: UInt32 = 0
    for place in 0..<count {
      let packet = packets + place
      let record = records + Int(packet.pointee.number)
      let facts = PacketFacts(packet, opcodes)
      guard isUsual(packet, facts, record) else {
        unusual &+= 1
        packet.pointee.facts = facts
        takeUnusual(packet, record)
        continue
      }
      keepTime(packet, record)
      record.pointee.run.add(opcodes[Int(facts.opcode)].step)
      notCapable &+= facts.kind.isNotCapable
      follow(packet, facts, record, RecordCounts(notECT: UInt64(facts.kind.isNotCapable)))
    }
    let usual = UInt32(truncatingIfNeeded: count) &- unusual
    anomalies.countData(notCapable: notCapable, capable: usual &- notCapable)
  }

  /// Whether the packet is the request that is expected and all else is as before: one comparison
  /// for everything.
  @inline(__always)
  private func isUsual(_ packet: Packet, _ facts: PacketFacts, _ record: Record) -> Bool {
    let capability = OperationKind.capable.rawValue | OperationKind.notCapable.rawValue
    let kinds =
      OperationKind.request.rawValue | OperationKind.read.rawValue | OperationKind.atomic.rawValue
      | OperationKind.marked.rawValue
    let flags =
      QueuePairRecord.Flag.isKnown | QueuePairRecord.Flag.isRewound
      | QueuePairRecord.Flag.hasOpenRead | capability
    let kind = facts.kind.rawValue
    let wanted = QueuePairRecord.Flag.isKnown | kind & capability
    let different =
      (record.pointee.owner ^ packet.pointee.entry.pointee.owner)
      | (record.pointee.expected ^ facts.word) & 0xff_ffff
      | UInt32((record.pointee.flags & flags) ^ wanted)
      | UInt32((kind & kinds) ^ OperationKind.request.rawValue)
      | UInt32(packet.pointee.headers.pointee.icrc.rawValue)
      | record.pointee.run.difference(to: opcodes[Int(facts.opcode)].run)
    return different == 0
  }

  @inline(never)
  private mutating func takeUnusual(_ packet: Packet, _ record: Record) {
    if record.pointee.owner != packet.pointee.entry.pointee.owner { begin(packet, record) }
    keepTime(packet, record)
    let kind = packet.pointee.facts.kind
    tally(packet.pointee.facts.opcode, record)
    if kind.contains(.request) {
      anomalies.countData(notCapable: kind.isNotCapable, capable: 1 &- kind.isNotCapable)
    }
    // What the receiver throws away is no part of a sequence.
    if packet.pointee.headers.pointee.icrc != .unchecked, !check(packet, record) { return }
    if kind.contains(.marked) { mark(packet, record) }
    if kind.contains(.request) {
      noteECN(packet, record)
      request(packet, record)
    } else {
      answer(packet, record)
    }
  }

  /// Bytes, bursts, and what the receiver gets.
  @inline(__always)
  private mutating func keepTime(_ packet: Packet, _ record: Record) {
    let now = packet.pointee.nanoseconds
    let length = packet.pointee.length
    record.pointee.bytes &+= UInt64(length)
    state.pointee.sizes.add(UInt64(length), to: distributions.pointee.packetSize)
    let before = record.pointee.lastSeen
    let receiver = receivers + Int(record.pointee.receiver)
    if !receiver.pointee.bursts.addWithin(UInt64(length), at: now, length: limits.bin) {
      addElsewhere(receiver, packet)
    }
    // Of the packets of a queue pair in one window, the first says who sends.
    let shift = FanInWindows.usualShift
    if (now ^ before) &>> shift != 0,
      !receiver.pointee.fanIn.addWithin(sender: record.pointee.sender, at: now, shift: shift)
    {
      join(receiver, record, at: now)
    }
    let silence = Int64(bitPattern: now &- before)
    if silence > 0 {
      if silence > Int64(bitPattern: limits.burstGap) { endBurst(record, UInt64(silence)) }
      record.pointee.lastSeen = now
    }
    record.pointee.burstBytes &+= length
  }

  /// The packet is in another bin of its receiver's.
  @inline(never)
  private mutating func addElsewhere(
    _ receiver: UnsafeMutablePointer<Receiver>, _ packet: UnsafeMutablePointer<ObservedPacket>
  ) {
    let (bytes, now) = (UInt64(packet.pointee.length), packet.pointee.nanoseconds)
    if receiver.pointee.bursts.add(bytes, at: now, distributions.pointee.bins) {
      endBin(receiver)
    }
  }

  /// The packet is in another window of its receiver's.
  @inline(never)
  private mutating func join(
    _ receiver: UnsafeMutablePointer<Receiver>, _ record: UnsafeMutablePointer<QueuePairRecord>,
    at now: UInt64
  ) {
    let sender = UInt64(record.pointee.sender)
    if receiver.pointee.fanIn.add(sender: sender, at: now, distributions.pointee.windows) {
      endWindow(receiver)
    }
  }

  @inline(__always)
  private mutating func endBurst(_ record: Record, _ silence: UInt64) {
    distributions.pointee.idleGap.tally(silence)
    state.pointee.burstLengths.add(
      UInt64(record.pointee.burstBytes), to: distributions.pointee.burstLength)
    record.pointee.burstBytes = 0
  }

  /// Brings the runs of alike values to their distributions.
  @inline(never)
  mutating func countRuns(at now: UInt64) {
    state.pointee.sizes.end(distributions.pointee.packetSize)
    state.pointee.burstLengths.end(distributions.pointee.burstLength)
    state.pointee.messageSizes.end(distributions.pointee.messageSize)
    state.pointee.runsCounted = now
  }

  @inline(__always)
  func add(_ value: UInt64, to metric: Metric, of number: Int) {
    self.value(of: metric, of: number).pointee &+= value
  }

  /// Where a queue pair has a metric that its record does not have.
  @inline(__always)
  func value(of metric: Metric, of number: Int) -> UnsafeMutablePointer<UInt64> {
    used[number].insert(metric)
    return (values + number) + metric.rawValue
  }

  @inline(__always)
  func number(of record: UnsafeMutablePointer<QueuePairRecord>) -> Int {
    record - records
  }

  /// How far a sequence number is ahead of another; below 0 where it is behind (volume 1, 9.7.1).
  @inline(__always)
  static func distance(from other: UInt32, to sequence: UInt32) -> Int32 {
    Int32(bitPattern: (sequence &- other) &<< 8) &>> 8
  }
}
